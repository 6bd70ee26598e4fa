/**
 * Local simplification, until nothing changes.
 *
 * Expects a checked graph; afterwards no rule applies any more. Forward nodes keep their bits: they only lose plumbing
 * (carried values that never change, results that are the same on every path, conditions that are known). The algebra of
 * `simplify/adjoint.ts` is *adjoint only*. What is left without a reader is for `eliminateDead`.
 */

import { BlockBuilder, newValue } from '../src/graph/build.ts';
import type { Block, Exit, Graph, IfNode, LiteralNode, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, isDiverging, mapBlocks, mapExit, mapOperands, operands, ownedValues, results, substitute, visit } from '../src/graph/walk.ts';
import { breaksOf } from './memory.ts';
import { simplifyAdjoint, type Rewrite } from './simplify/adjoint.ts';
import { collectCoefficient } from './simplify/coefficient.ts';
import { Conditions } from './simplify/conditions.ts';
import { foldLogic } from './simplify/logic.ts';

const mostRounds = 12;

/** Bodies to which no rule applies: passes hand many on as they got them. */
const simple = new WeakSet<Block>();

export function simplify(graph: Graph): Graph {
  let current = graph;
  for (let round = 0; round < mostRounds && !simple.has(current.body); round++) {
    const facts = new Facts(current);
    const body = simplifyBlock(current.body, facts, new Set(current.params), current.params);
    if (facts.changed) current = { ...current, body: facts.settle(body) };
    else simple.add(current.body);
  }
  return current;
}

/** What is known of the values of a graph while one round runs. */
export class Facts {
  changed = false;
  private readonly definition = new Map<Value, Node>();
  private readonly uses = new Map<Value, number>();
  private readonly replaced = new Map<Value, Value>();
  private readonly conditions = new Conditions((value) => this.nodeOf(value));
  /** Values that the backward sweep restores or has a shadow of, and loops that it mirrors. */
  private readonly mirrored = new Set<Value | number>();

  constructor(graph: Graph) {
    const use = (value: Value): void => void this.uses.set(value, (this.uses.get(value) ?? 0) + 1);
    visit(graph.body, (node) => {
      this.define(node);
      if (node.kind === 'restore' || node.kind === 'shadow') this.mirrored.add(node.of);
      if (node.kind === 'loop' && node.mirrors !== undefined) this.mirrored.add(node.mirrors);
      operands(node).forEach(use);
      if (node.kind === 'loop') node.done.forEach(use);
      for (const block of blocks(node)) exitOperands(block.exit).forEach(use);
    });
    exitOperands(graph.body.exit).forEach(use);
  }

  define(node: Node): void {
    for (const value of results(node)) this.definition.set(value, node);
  }

  replace(value: Value, by: Value): void {
    this.replaced.set(value, by);
    this.changed = true;
  }

  resolve = (value: Value): Value => {
    const by = this.replaced.get(value);
    return by === undefined ? value : this.resolve(by);
  };

  nodeOf(value: Value): Node | undefined {
    return this.definition.get(this.resolve(value));
  }

  /** The forward value behind restores, so that two restores of one value are seen to be equal. */
  meaning(value: Value): Value {
    const node = this.nodeOf(value);
    return node?.kind === 'restore' ? this.meaning(node.of) : this.resolve(value);
  }

  literalOf(value: Value): LiteralNode | undefined {
    const node = this.definition.get(this.meaning(value));
    return node?.kind === 'literal' && !node.unassigned ? node : undefined;
  }

  numberOf(value: Value): number | undefined {
    const literal = this.literalOf(value)?.value;
    return typeof literal === 'number' ? literal : undefined;
  }

  truthOf(condition: Value): boolean | undefined {
    const literal = this.literalOf(condition)?.value;
    return typeof literal === 'boolean' ? literal : this.conditions.truthOf(this.resolve(condition));
  }

  /** Runs `inside` where the condition holds, or does not. */
  supposing<T>(condition: Value, holds: boolean, inside: () => T): T {
    const supposed = this.conditions.suppose(this.resolve(condition), holds);
    const result = inside();
    this.conditions.forget(supposed);
    return result;
  }

  /** What holds behind a node of a block, to its end. */
  passBy(node: Node): readonly string[] {
    if (node.kind !== 'if' || isDiverging(node.then) === isDiverging(node.else)) return [];
    return this.conditions.suppose(node.condition, isDiverging(node.else));
  }

  /** Whether the backward sweep, where nobody asks what has been passed, still has the mirror of something in the block. */
  isMirrored(block: Block): boolean {
    let found = false;
    visit(block, (node) => {
      found ||= (node.kind === 'loop' && this.mirrored.has(node.id)) || [...results(node), ...ownedValues(node)].some((value) => this.mirrored.has(value));
    });
    return found;
  }

  forget(supposed: readonly string[]): void {
    this.conditions.forget(supposed);
  }

  isUsedOnce(value: Value): boolean {
    return (this.uses.get(value) ?? 0) <= 1;
  }

  /** Carries out what was replaced everywhere, also where a block had been left before. */
  settle(block: Block): Block {
    return substitute(block, this.resolve);
  }
}

/** `known`: the values that may be used where the block begins, and again when it has ended. `own`: more of them inside. */
function simplifyBlock(block: Block, facts: Facts, known: Set<Value>, own: readonly Value[]): Block {
  const nodes: Node[] = [];
  const added: Value[] = [];
  const add = (value: Value): void => {
    known.add(value);
    added.push(value);
  };
  own.forEach(add);
  const passed: string[] = [];
  const emit = (node: Node): void => {
    nodes.push(node);
    facts.define(node);
    results(node).forEach(add);
    passed.push(...facts.passBy(node));
  };
  for (const original of block.nodes) {
    const node = simplifyInside(mapOperands(original, facts.resolve), facts, known);
    switch (node.kind) {
      case 'apply':
        applyRewrite(node, foldLogic(node, facts) ?? (isDerivative(node) ? simplifyAdjoint(node, facts) : undefined), facts, nodes, emit);
        break;
      case 'restore': {
        const literal = facts.literalOf(node.of);
        if (literal) facts.changed = true;
        emit(literal ? { ...literal, ...marks(node), result: node.result } : node);
        break;
      }
      case 'accumulate':
        // *Adjoint only.* A sum of adjoints that gets nothing.
        if (facts.numberOf(node.value) === 0) facts.changed = true;
        else emit(node);
        break;
      case 'if':
        simplifyIf(node, facts, known, emit);
        break;
      case 'loop':
        simplifyLoop(node, facts, known, emit);
        break;
      default:
        emit(node);
    }
  }
  added.forEach((value) => known.delete(value));
  facts.forget(passed);
  return { params: block.params, nodes, exit: mapExit(block.exit, facts.resolve) };
}

function simplifyInside(node: Node, facts: Facts, known: Set<Value>): Node {
  const own = ownedValues(node);
  let isThen = false;
  return mapBlocks(node, (inner) => {
    if (node.kind !== 'if') return simplifyBlock(inner, facts, known, own);
    isThen = !isThen;
    return facts.supposing(node.condition, isThen, () => simplifyBlock(inner, facts, known, own));
  });
}

/** Origin and sweep of a node, for one that takes its place. */
export function marks(node: Node): Pick<Node, 'origin' | 'backward' | 'tangent'> {
  return {
    ...(node.origin === undefined ? {} : { origin: node.origin }),
    ...(node.backward === undefined ? {} : { backward: node.backward }),
    ...(node.tangent === undefined ? {} : { tangent: node.tangent }),
  };
}

/** Of the backward sweep, or a tangent: free to be rearranged. */
export function isDerivative({ backward, tangent }: Node): boolean {
  return backward === true || tangent === true;
}

function applyRewrite(
  node: Extract<Node, { kind: 'apply' }>,
  rewrite: Rewrite | undefined,
  facts: Facts,
  before: Node[],
  emit: (node: Node) => void,
): void {
  if (rewrite === undefined) {
    emit(node);
    return;
  }
  facts.changed = true;
  switch (rewrite.kind) {
    case 'same':
      keepName(node, rewrite.value, facts, before);
      break;
    case 'literal':
      emit({ kind: 'literal', value: rewrite.value, result: node.result, ...marks(node) });
      break;
    default: {
      const builder = new BlockBuilder(node.origin, node.backward ?? false);
      const [op, values] = rewrite.build(builder);
      builder.nodes.forEach((made) => emit({ ...made, ...marks(node) }));
      emit({ ...node, op, operands: values });
    }
  }
}

/** `d_x = t` where `t` has no name: `t` is called `d_x` from its definition on, if that is in the same block. */
function keepName(
  node: Extract<Node, { kind: 'apply' }>,
  value: Value,
  facts: Facts,
  before: Node[],
): void {
  const made = before.at(-1);
  const isLast = made?.kind === 'apply' && made.result === value && isDerivative(made);
  if (node.result.name === undefined || value.name !== undefined || !isLast) {
    facts.replace(node.result, value);
    return;
  }
  const named = newValue(value.type, node.result.name);
  const renamed = { ...made, result: named };
  before[before.length - 1] = renamed;
  facts.define(renamed);
  facts.replace(value, named);
  facts.replace(node.result, named);
}

function simplifyIf(node: IfNode, facts: Facts, known: Set<Value>, emit: (node: Node) => void): void {
  const condition = facts.truthOf(node.condition);
  if (condition !== undefined) {
    const [taken, left] = condition ? [node.then, node.else] : [node.else, node.then];
    const isPassed = facts.literalOf(node.condition) === undefined;
    if (taken.exit.kind === 'yield' && !(isPassed && facts.isMirrored(left))) {
      facts.changed ||= isPassed;
      taken.nodes.forEach(emit);
      node.results.forEach((result, i) => facts.replace(result, yieldedBy(taken, i)!));
      return;
    }
  }
  const arms = [node.then, node.else].filter((arm) => arm.exit.kind === 'yield');
  const seen = new Map<string, Value>();
  const kept: number[] = [];
  node.results.forEach((result, i) => {
    const values = arms.map((arm) => yieldedBy(arm, i)!);
    const same = values[0] !== undefined && values.every((value) => value === values[0]) && known.has(values[0]);
    if (same) return facts.replace(result, values[0]!);
    const literal = arms.length === 2 ? commonLiteral(values, facts) : undefined;
    if (literal) {
      facts.changed = true;
      return emit({ ...literal, ...marks(node), result });
    }
    const key = values.map((value) => value.id).join();
    const twin = seen.get(key);
    if (twin !== undefined && node.backward) return facts.replace(result, twin);
    seen.set(key, result);
    kept.push(i);
  });
  if (kept.length === node.results.length) return emit(node);
  emit({
    ...node,
    then: pickYields(node.then, kept),
    else: pickYields(node.else, kept),
    results: kept.map((i) => node.results[i]!),
  });
}

function commonLiteral(values: readonly Value[], facts: Facts): LiteralNode | undefined {
  const [first, second] = values.map((value) => facts.literalOf(value));
  if (!first || !second || !Object.is(first.value, second.value)) return undefined;
  return values[0]!.type.kind === values[1]!.type.kind ? first : undefined;
}

function yieldedBy(block: Block, index: number): Value | undefined {
  return block.exit.kind === 'yield' ? block.exit.values[index] : undefined;
}

function pickYields(block: Block, kept: readonly number[]): Block {
  if (block.exit.kind !== 'yield') return block;
  const { exit } = block;
  return { ...block, exit: { ...exit, values: kept.map((i) => exit.values[i]!) } };
}

function simplifyLoop(node: LoopNode, facts: Facts, known: ReadonlySet<Value>, emit: (node: Node) => void): void {
  const { exit } = node.body;
  const kept: number[] = [];
  node.body.params.forEach((param, i) => {
    // Run once, or handed on as it came: what it started as.
    const next = exit.kind === 'yield' ? facts.resolve(exit.values[i]!) : param;
    if (next === param || next === node.initial[i]) facts.replace(param, node.initial[i]!);
    else kept.push(i);
  });
  const settled = kept.length < node.body.params.length ? facts.settle(node.body) : node.body;
  const body = pickYields({ ...settled, params: kept.map((i) => node.body.params[i]!) }, kept);
  const done = node.done.map(facts.resolve);

  if (exit.kind === 'break' && node.counter === undefined && breaksOf(body).length === 1) {
    facts.changed = true;
    body.nodes.forEach(emit);
    exitOperands(body.exit).forEach((value, i) => facts.replace(node.results[i]!, value));
    return;
  }

  const breaks = breaksOf(body);
  const keptResults: number[] = [];
  node.results.forEach((result, i) => {
    const ends = [...(done[i] === undefined ? [] : [done[i]]), ...breaks.map((values) => values[i]!)];
    if (ends.length > 0 && ends.every((value) => value === ends[0]) && known.has(ends[0]!)) facts.replace(result, ends[0]!);
    else keptResults.push(i);
  });
  const remaining = keptResults.length < node.results.length ? pickBreaks(body, keptResults) : body;
  const loop: LoopNode = {
    ...node,
    initial: kept.map((i) => node.initial[i]!),
    body: remaining,
    done: node.counter?.to === undefined ? [] : keptResults.map((i) => done[i]!),
    results: keptResults.map((i) => node.results[i]!),
  };
  emit(loop.mirrors === undefined ? loop : collectCoefficient(loop, facts));
}

/** The breaks out of the loop whose body this is, with the results that remain. */
function pickBreaks(block: Block, kept: readonly number[]): Block {
  const { exit } = block;
  const picked: Exit = exit.kind === 'break' ? { ...exit, values: kept.map((i) => exit.values[i]!) } : exit;
  const nodes = block.nodes.map((node) => (node.kind === 'if' ? mapBlocks(node, (arm) => pickBreaks(arm, kept)) : node));
  return { params: block.params, nodes, exit: picked };
}
