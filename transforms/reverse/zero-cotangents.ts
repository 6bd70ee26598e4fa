/**
 * Which values may have an adjoint of exactly zero because they are discarded, while what they are computed from is infinite: then
 * `0 * Infinity` must not become NaN.
 *
 * A value is discarded where all of its uses may be: in one arm of an `if` while it is computed outside, in a loop that may not run, behind
 * a `break`, below `max`, `min`, `abs`, by a store that is overwritten, by the next iteration, or in a value that is discarded itself. A
 * greatest fixpoint: uses that certainly count take values out.
 */

import type { Primitive } from '../../src/graph/primitives.ts';
import type { Block, Graph, IfNode, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { blocks, exitOperands, ownedValues, results, visit, visitNodes } from '../../src/graph/walk.ts';
import { breaksOf } from '../memory.ts';

const selections: ReadonlySet<Primitive> = new Set(['max', 'min', 'abs', 'sign', 'select', 'guard', 'stop']);

interface Options {
  /** What is stored, what loops read and what they hand on is taken to be used. */
  readonly onlySelections?: boolean;
}

export function analyseDiscarded(graph: Graph, { onlySelections = false }: Options = {}): (value: Value) => boolean {
  const counts = new Uses(graph, onlySelections).certain();
  return (value) => !counts.has(value);
}

/** Nodes that are not always run when those around them are: which values are computed there, or used where they are not run. */
type Part = ReadonlySet<Value>;

/** Where the values go that a `break` hands out. */
interface Ends {
  readonly results: readonly Value[];
  readonly parts: readonly Part[];
}

class Uses {
  private readonly graph: Graph;
  private readonly onlySelections: boolean;
  private readonly parts = new Map<Block | Node, Part>();
  private readonly literals = new Map<Value, number>();
  private counts = new Set<Value>();
  private isSettled = false;
  /** Of each arm of an `if`, the other one. */
  private readonly otherArms = new Map<Part, Part>();
  /** Values from outside that an arm certainly uses when it is run. */
  private usedInArms = new Map<Part, Set<Value>>();
  /** Carried values that some iterations do not read: that all do is taken for granted until it is seen not to be so. */
  private readonly unread = new Set<Value>();

  constructor(graph: Graph, onlySelections: boolean) {
    this.graph = graph;
    this.onlySelections = onlySelections;
    visit(graph.body, (node) => void (node.kind === 'literal' && typeof node.value === 'number' && this.literals.set(node.result, node.value)));
  }

  /** Values that are used, and not in a part of the function that what they are computed in does without. */
  certain(): ReadonlySet<Value> {
    const carried: Value[] = [];
    visit(this.graph.body, (node) => void (node.kind === 'loop' && carried.push(...node.body.params)));
    for (;;) {
      this.spread();
      const unread = carried.filter((param) => !this.counts.has(param) && !this.unread.has(param));
      if (this.onlySelections || unread.length === 0) return this.counts;
      for (const param of unread) this.unread.add(param);
    }
  }

  private spread(): void {
    this.counts = new Set(this.graph.procedure?.discarded ? [] : exitOperands(this.graph.body.exit));
    this.usedInArms = new Map();
    do {
      this.isSettled = true;
      this.walk(this.graph.body, [], { results: [], parts: [] });
    } while (!this.isSettled);
  }

  private use(value: Value | undefined, parts: readonly Part[]): void {
    if (value === undefined || this.counts.has(value)) return;
    const [arm, ...others] = parts.filter((part) => !part.has(value));
    if (arm === undefined) {
      this.counts.add(value);
      this.isSettled = false;
    } else if (others.length === 0 && !this.onlySelections) {
      this.useInArm(value, arm, parts.filter((part) => part !== arm));
    }
  }

  /** What both arms use is used whichever is run. */
  private useInArm(value: Value, arm: Part, around: readonly Part[]): void {
    const used = this.usedInArms.get(arm) ?? new Set<Value>();
    this.usedInArms.set(arm, used.add(value));
    const other = this.otherArms.get(arm);
    if (other && this.usedInArms.get(other)?.has(value)) this.use(value, around);
  }

  private useAll(values: readonly Value[], parts: readonly Part[]): void {
    for (const value of values) this.use(value, parts);
  }

  /** Of values that become `received`, those count of which the received ones do. */
  private handOver(values: readonly Value[], received: readonly Value[], parts: readonly Part[]): void {
    values.forEach((value, i) => {
      if (this.counts.has(received[i]!)) this.use(value, parts);
    });
  }

  private walk(block: Block, around: readonly Part[], loop: Ends): void {
    const parts = this.partsIn(block, around, loop);
    if (block.exit.kind === 'break') this.handOver(block.exit.values, loop.results, this.onlySelections ? loop.parts : parts.at(-1)!);
    for (let i = block.nodes.length - 1; i >= 0; i--) this.node(block.nodes[i]!, parts[i]!, loop);
  }

  /** The parts that each node of a block lies in, and its exit: `around`, and what is behind each node that may leave the loop. */
  private partsIn(block: Block, around: readonly Part[], loop: Ends): readonly (readonly Part[])[] {
    let parts = around;
    const all = block.nodes.map((node, i) => {
      const here = parts;
      if (!this.onlySelections && mayLeave(node)) parts = [...parts, this.behind(node, block.nodes.slice(i + 1), loop)];
      return here;
    });
    return [...all, parts];
  }

  /** What is handed out is used whether the loop is left here or not. */
  private behind(node: Node, rest: readonly Node[], loop: Ends): Part {
    const part = this.part(node, rest);
    const leaving = blocks(node).flatMap((arm) => breaksOf(arm));
    const handed = leaving.map((values) => values.filter((_value, i) => this.counts.has(loop.results[i]!)));
    const always = handed[0]!.filter((value) => handed.every((values) => values.includes(value)));
    return new Set([...part, ...always]);
  }

  private part(of: Block | Node, nodes: readonly Node[], params: readonly Value[] = []): Part {
    const known = this.parts.get(of);
    if (known) return known;
    const values = new Set(params);
    visitNodes(nodes, (node) => {
      for (const value of [...results(node), ...ownedValues(node)]) values.add(value);
    });
    this.parts.set(of, values);
    return values;
  }

  private node(node: Node, parts: readonly Part[], loop: Ends): void {
    const isAsked = (): boolean => results(node).some((result) => this.counts.has(result));
    switch (node.kind) {
      case 'apply':
        if (isAsked() && !selections.has(node.op)) this.useAll(node.operands, parts);
        break;
      case 'store':
      case 'accumulate':
      case 'resize':
        if (this.onlySelections) this.use(node.value, parts);
        break;
      case 'alloc':
        if (this.onlySelections && (node.init.kind === 'elements' || node.init.kind === 'fields')) this.useAll(node.init.values, parts);
        break;
      case 'call':
      case 'rule':
        if (isAsked()) this.useAll(node.operands, parts);
        break;
      case 'if':
        this.if(node, parts, loop);
        break;
      case 'loop':
        this.loop(node, parts);
        break;
      default:
        break;
    }
  }

  private if(node: IfNode, parts: readonly Part[], loop: Ends): void {
    const arms = [node.then, node.else];
    const [then, otherwise] = arms.map((arm) => this.part(arm, arm.nodes, arm.params));
    this.otherArms.set(then!, otherwise!).set(otherwise!, then!);
    for (const arm of arms) {
      const inside = [...parts, this.parts.get(arm)!];
      this.walk(arm, inside, loop);
      if (arm.exit.kind === 'yield') this.handOver(arm.exit.values, node.results, this.partsIn(arm, inside, loop).at(-1)!);
    }
  }

  private loop(node: LoopNode, parts: readonly Part[]): void {
    const { params, nodes, exit } = node.body;
    const runs = this.onlySelections || this.certainlyRuns(node);
    const inside = runs ? parts : [...parts, this.part(node.body, nodes, params)];
    const ends = { results: node.results, parts };
    this.walk(node.body, inside, ends);
    const atEnd = this.partsIn(node.body, inside, ends).at(-1)!;
    const next = exit.kind === 'yield' ? exit.values : [];
    const isHandedOut = (param: Value): boolean => node.counter?.to === undefined || node.done.some((value, k) => value === param && this.counts.has(node.results[k]!));
    params.forEach((param, i) => {
      if (this.counts.has(param) && (runs || isHandedOut(param))) this.use(node.initial[i], parts);
      // What the last iteration hands on is asked for behind the loop, if at all; what the others do, is read by the next one.
      if (this.onlySelections ? this.counts.has(param) : isHandedOut(param) && !this.unread.has(param)) this.use(next[i], atEnd);
    });
    node.done.forEach((value, k) => {
      if (this.counts.has(node.results[k]!) && (this.onlySelections || !params.includes(value))) this.use(value, parts);
    });
  }

  /** At least once. Without a count, up to the first `break`. */
  private certainlyRuns({ counter }: LoopNode): boolean {
    if (counter?.to === undefined) return true;
    const [from, to] = [counter.from, counter.to].map((value) => this.literals.get(value));
    if (from === undefined || to === undefined) return false;
    return { '<': from < to, '<=': from <= to, '>': from > to, '>=': from >= to }[counter.test];
  }
}

function mayLeave(node: Node): boolean {
  return node.kind === 'if' && blocks(node).some((arm) => breaksOf(arm).length > 0);
}
