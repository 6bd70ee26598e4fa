/**
 * One iteration of a mirror on its own, outside of the mirror: what it needs of the forward iteration is computed again, from
 * memory that is still what it was, so that nothing has to be kept.
 *
 * Copies what still acts under the given consequences, and what that reads. A value is computed in the copy of the loop that
 * defines it, so that nothing moves into inner loops; what an arm defines stays in an arm.
 */

import { BlockBuilder, newLoopId, newValue } from '../src/graph/build.ts';
import type { Block, IfNode, LoopNode, Node, Value } from '../src/graph/types.ts';
import { mapOperands, operands } from '../src/graph/walk.ts';
import { zero, type Consequences } from './consequences.ts';
import type { MemoryPolicies } from './storage/memory-policy.ts';
import type { Structure } from './storage/structure.ts';

export interface Iteration {
  readonly mirror: LoopNode;
  /** The mirrored loop. */
  readonly loop: LoopNode;
  /** The counter of the iteration. */
  readonly index: Value;
  readonly consequences: Consequences;
}

/** The iteration as a block that yields what it hands on; undefined where something would have to be kept. */
export function replay(iteration: Iteration, structure: Structure, policies: MemoryPolicies): Block | undefined {
  return new Replay(iteration, structure, policies).block();
}

/** A block under construction. */
interface Level {
  readonly builder: BlockBuilder;
  /** The block that is copied, and where it is a mirror's body the mirrored one. */
  readonly copyOf: readonly (Block | undefined)[];
  readonly made: Map<Value, Value>;
}

class Replay {
  private readonly iteration: Iteration;
  private readonly structure: Structure;
  private readonly policies: MemoryPolicies;
  /** Outermost first. */
  private readonly levels: Level[] = [];
  private isPossible = true;

  constructor(iteration: Iteration, structure: Structure, policies: MemoryPolicies) {
    this.iteration = iteration;
    this.structure = structure;
    this.policies = policies;
  }

  block(): Block | undefined {
    const { mirror, loop, index } = this.iteration;
    const made = new Map([
      [mirror.counter!.variable, index],
      [loop.counter!.variable, index],
      ...mirror.body.params.map((param, i) => [param, mirror.initial[i]!] as const),
    ]);
    const block = this.copy(mirror.body, [mirror.body, loop.body], made, []);
    return this.isPossible ? block : undefined;
  }

  /** The block with other parameters. */
  private copy(block: Block, copyOf: Level['copyOf'], made: Map<Value, Value>, params: readonly Value[]): Block {
    const level: Level = { builder: new BlockBuilder(undefined, true), copyOf, made };
    this.levels.push(level);
    for (const node of block.nodes) this.carryOut(node);
    if (block.exit.kind !== 'yield') this.isPossible = false;
    const values = block.exit.kind === 'yield' ? block.exit.values.map((value) => this.have(value)) : [];
    this.levels.pop();
    return { params, nodes: level.builder.nodes, exit: { kind: 'yield', values } };
  }

  private get here(): BlockBuilder {
    return this.levels.at(-1)!.builder;
  }

  /** Copies a node that acts; all others wait until they are asked for. */
  private carryOut(node: Node): void {
    if (!this.iteration.consequences.acts(node)) return;
    switch (node.kind) {
      case 'accumulate':
        this.here.push(mapOperands(node, (value) => this.have(value)));
        break;
      case 'if':
        this.copyIf(node);
        break;
      case 'loop':
        this.copyLoop(node);
        break;
      default:
        this.isPossible = false;
    }
  }

  private copyIf(node: IfNode): void {
    const way = this.iteration.consequences.truthOf(node.condition);
    const { made } = this.levels.at(-1)!;
    if (way !== undefined) {
      const taken = way ? node.then : node.else;
      for (const inner of taken.nodes) this.carryOut(inner);
      if (taken.exit.kind !== 'yield') this.isPossible = false;
      else taken.exit.values.forEach((value, i) => made.set(node.results[i]!, this.have(value)));
      return;
    }
    const condition = this.have(node.condition);
    const [then, otherwise] = [node.then, node.else].map((arm) => this.copy(arm, [arm], new Map(), []));
    const copied = node.results.map((result) => newValue(result.type, result.name));
    this.here.push({ ...node, condition, then: then!, else: otherwise!, results: copied });
    node.results.forEach((result, i) => made.set(result, copied[i]!));
  }

  private copyLoop(node: LoopNode): void {
    const { counter } = node;
    if (counter?.to === undefined || node.includesLeaving) {
      this.isPossible = false;
      return;
    }
    const mirrored = node.mirrors === undefined ? undefined : this.loopWith(node.mirrors);
    const variable = newValue(counter.variable.type, counter.variable.name);
    const bounds = { from: this.have(counter.from), to: this.have(counter.to) };
    const initial = node.initial.map((value) => this.have(value));
    const params = node.body.params.map((param) => newValue(param.type, param.name));
    const made = new Map([[counter.variable, variable], ...node.body.params.map((param, i) => [param, params[i]!] as const)]);
    if (mirrored?.counter) made.set(mirrored.counter.variable, variable);
    const body = this.copy(node.body, [node.body, mirrored?.body], made, params);
    const done = node.done.map((value) => made.get(value) ?? this.have(value));
    const copied = node.results.map((result) => newValue(result.type, result.name));
    const { mirrors: _mirrors, includesLeaving: _leaving, ...plain } = node;
    const { after: _after, ...counted } = counter;
    this.here.push({ ...plain, id: newLoopId(), counter: { ...counted, variable, ...bounds }, initial, body, done, results: copied });
    node.results.forEach((result, i) => this.levels.at(-1)!.made.set(result, copied[i]!));
  }

  /** The loop inside the mirrored one that has this number. */
  private loopWith(id: number): LoopNode | undefined {
    const find = (block: Block): LoopNode | undefined => {
      for (const node of block.nodes) {
        if (node.kind === 'loop' && node.id === id) return node;
        const inner = node.kind === 'loop' ? find(node.body) : node.kind === 'if' ? (find(node.then) ?? find(node.else)) : undefined;
        if (inner) return inner;
      }
      return undefined;
    };
    return find(this.iteration.loop.body);
  }

  /** A value of the backward sweep in the copy. */
  private have(value: Value): Value {
    const known = this.known(value);
    if (known) return known;
    const meaning = this.iteration.consequences.meaningOf(value);
    if (meaning === zero) return this.here.literal(0, value.type);
    if (meaning !== value) return this.have(meaning);
    const node = this.structure.nodeOf(value);
    const home = this.structure.placeOf(value)?.block;
    if (home === undefined || !this.isInside(home, this.iteration.mirror.body)) return value;
    if (node?.kind === 'restore') return this.again(node.of);
    return this.repeat(value, node, (operand) => this.have(operand));
  }

  /** A value of the forward iteration, computed again. */
  private again(value: Value): Value {
    const known = this.known(value);
    if (known) return known;
    const home = this.structure.placeOf(value)?.block;
    if (home === undefined || !this.isInside(home, this.iteration.loop.body)) {
      const outermost = this.levels[0]!;
      const restored = outermost.builder.restore(value);
      outermost.made.set(value, restored);
      return restored;
    }
    return this.repeat(value, this.structure.nodeOf(value), (operand) => this.again(operand));
  }

  /** Of the forward iteration without its statement: comments name what is reversed. */
  private repeat(value: Value, node: Node | undefined, have: (operand: Value) => Value): Value {
    if (node === undefined || !('result' in node) || node.result !== value || !this.isRepeatable(node)) {
      this.isPossible = false;
      return value;
    }
    const home = this.structure.placeOf(value)!.block;
    const level = this.levels.findLast(({ copyOf }) => copyOf.includes(home)) ?? this.levels.at(-1)!;
    const read = new Map(operands(node).map((operand) => [operand, have(operand)]));
    const result = newValue(value.type, value.name);
    const { origin, ...plain } = mapOperands(node, (operand) => read.get(operand)!);
    level.builder.push({ ...plain, ...(node.backward && origin ? { origin } : {}), result, backward: true } as Node);
    level.made.set(value, result);
    return result;
  }

  private isRepeatable(node: Node): boolean {
    switch (node.kind) {
      case 'literal':
        return node.unassigned !== true;
      case 'apply':
        return !node.operands.some((operand) => operand.type.kind === 'array');
      case 'load':
        return this.policies.canLoadAgain(node, this.structure.placeOfNode(this.iteration.mirror).order);
      case 'length':
      case 'view':
        return !this.policies.mayChangeLength(node.memory);
      default:
        return false;
    }
  }

  private known(value: Value): Value | undefined {
    for (const { made } of this.levels.toReversed()) {
      const found = made.get(value);
      if (found) return found;
    }
    return undefined;
  }

  private isInside(block: Block, outer: Block): boolean {
    return this.structure.pathOf(block).includes(outer);
  }
}
