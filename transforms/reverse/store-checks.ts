/**
 * Typed arrays ignore what is stored outside of them; the mirror of such a store would take what belongs to a neighbour.
 *
 * Where the largest index of a nest of loops is known before it begins, it is compared with the length of the array there, and
 * the companion throws: nothing is compared in the loops. Stores that nobody can vouch for keep their mirrors from taking
 * anything, see `reverseStore`. Sizes that are no integers are rounded up in shadows, so that `i < 2.5` has its places there.
 */

import { BlockBuilder } from '../../src/graph/build.ts';
import type { Block, Graph, LoopNode, Node, StoreNode, Value } from '../../src/graph/types.ts';
import { mapBlocks, ownedValues, results, withNodes } from '../../src/graph/walk.ts';
import type { Activity } from '../activity.ts';
import { elementsInside } from '../elements-inside.ts';
import { IndexFacts } from '../index-facts.ts';
import { breaksOf, hasShadow, isTyped, type Memory } from '../memory.ts';

/** Expects a forward graph. Afterwards stores that are certainly inside of their arrays say so. */
export function checkStores(graph: Graph, memory: Memory, activity: Activity): Graph {
  const isInside = elementsInside(graph, memory, true);
  const planner = new Planner(graph);
  const certain = new Set<StoreNode>();
  const checks = new Map<LoopNode, Map<string, Plan>>();

  const look = (block: Block, loops: readonly LoopNode[]): void => {
    for (const node of block.nodes) {
      const isActive = node.kind === 'store' && activity.isActive(node.memory) && hasShadow(node.value.type);
      if (isActive && node.key.kind === 'index' && node.memory.type.kind === 'array') {
        const { index } = node.key;
        if (!isTyped(node.memory)) continue;
        const plan = isInside(node.memory, index) ? undefined : planner.planFor(node, index, loops);
        if (isInside(node.memory, index) || plan !== undefined) certain.add(node);
        if (plan !== undefined) checks.set(plan.before, withPlan(checks.get(plan.before) ?? new Map<string, Plan>(), plan));
      }
      if (node.kind === 'loop') look(node.body, isWhole(node) ? [node, ...loops] : []);
      if (node.kind === 'if') for (const arm of [node.then, node.else]) look(arm, []);
    }
  };
  look(graph.body, []);

  const mark = (block: Block): Block => withNodes(block, block.nodes.flatMap((node): readonly Node[] => {
    if (node.kind === 'store') return [certain.has(node) ? { ...node, isInside: true } : node];
    const ahead = node.kind === 'loop' ? [...(checks.get(node)?.values() ?? [])].flatMap((plan) => plan.nodes) : [];
    return [...ahead, mapBlocks(node, mark)];
  }));
  return { ...graph, body: mark(graph.body) };
}

/** Of elements a fixed distance apart, the last one is enough. */
function withPlan(plans: Map<string, Plan>, plan: Plan): Map<string, Plan> {
  const known = plans.get(plan.key);
  return known !== undefined && known.offset >= plan.offset ? plans : plans.set(plan.key, plan);
}

/** Each of its iterations runs whole, up to the bound. */
function isWhole(loop: LoopNode): boolean {
  return loop.counter?.to !== undefined && breaksOf(loop.body).length === 0;
}

interface Plan {
  readonly before: LoopNode;
  readonly nodes: readonly Node[];
  /** The array and the index, but for a literal that is added. */
  readonly key: string;
  readonly offset: number;
}

class Planner {
  private readonly facts: IndexFacts;
  private readonly nodes = new Map<Value, Node>();
  private readonly counters = new Map<Value, LoopNode>();
  /** What is defined inside of each loop. */
  private readonly inside = new Map<LoopNode, Set<Value>>();

  constructor(graph: Graph) {
    this.facts = IndexFacts.of(graph);
    const walk = (block: Block, around: readonly LoopNode[]): void => {
      for (const node of block.nodes) {
        const defined = node.kind === 'loop' ? [...results(node)] : results(node);
        for (const value of defined) this.nodes.set(value, node);
        for (const loop of around) for (const value of defined) this.inside.get(loop)!.add(value);
        if (node.kind === 'loop') {
          this.inside.set(node, new Set());
          if (node.counter) this.counters.set(node.counter.variable, node);
          for (const loop of [node, ...around]) for (const value of ownedValues(node)) if (!results(node).includes(value)) this.inside.get(loop)!.add(value);
          walk(node.body, [node, ...around]);
        }
        if (node.kind === 'if') for (const arm of [node.then, node.else]) walk(arm, around);
      }
    };
    walk(graph.body, []);
  }

  /** `loops`: those around the store with nothing but loops between, innermost first. */
  planFor(store: StoreNode, index: Value, loops: readonly LoopNode[]): Plan | undefined {
    let plan: Plan | undefined;
    loops.forEach((before, i) => {
      if (i > 0 && plan === undefined) return;
      const nest = loops.slice(0, i + 1);
      plan = this.planAt(store, index, nest, before) ?? plan;
    });
    return plan;
  }

  private planAt({ memory, origin }: StoreNode, index: Value, nest: readonly LoopNode[], before: LoopNode): Plan | undefined {
    const outside = (value: Value): boolean => !this.inside.get(before)!.has(value);
    if (!outside(memory)) return undefined;
    const [whole, factors] = [new Set<Value>(), new Set<Value>()];
    if (!this.collect(index, outside, nest, whole, factors)) return undefined;
    const builder = new BlockBuilder(origin);
    const most = this.largest(index, outside, whole, builder);
    const length = builder.length(memory);
    const conditions = [builder.apply('lt', [most, length])];
    const uncertain = [...whole].filter((value) => !this.facts.isNonNegative(value));
    for (const value of uncertain) if (factors.has(value)) conditions.push(builder.apply('ge', [value, builder.literal(0)]));
    const isShifted = uncertain.some((value) => !factors.has(value));
    if (isShifted) conditions.push(builder.apply('ge', [this.smallest(index, outside, builder), builder.literal(0)]));
    for (const value of whole) {
      if (value.type.kind !== 'integer') conditions.push(builder.apply('eq', [value, builder.apply('trunc', [value])]));
    }
    const holds = conditions.reduce((all, condition) => builder.apply('and', [all, condition]));
    const then = new BlockBuilder(origin);
    const name = memory.name ?? 'an array';
    const literal = builder.literalOf(most);
    const error = then.carry([`new RangeError(\`${name} has length \${`, length, '}, and ', ...(literal === undefined ? ['${', most, '}'] : [`${literal}`]), ' is an index into it`)'], { kind: 'opaque', text: 'RangeError' });
    builder.if(builder.apply('not', [holds]), then.block({ kind: 'throw', error }), new BlockBuilder(origin).block({ kind: 'yield', values: [] }), []);
    const { key, offset } = this.apart(index);
    return { before, nodes: builder.nodes, key: `${memory.id} ${key}${isShifted ? ` ${offset}` : ''}`, offset };
  }

  private apart(index: Value): { readonly key: string; readonly offset: number } {
    const node = this.nodes.get(index);
    if (node?.kind === 'literal') return { key: '', offset: Number(node.value) };
    if (node?.kind === 'apply' && node.op === 'add') {
      for (const [rest, other] of [[node.operands[0]!, node.operands[1]!], [node.operands[1]!, node.operands[0]!]] as const) {
        const literal = this.nodes.get(other);
        if (literal?.kind === 'literal') return { key: this.keyOf(rest), offset: Number(literal.value) };
      }
    }
    return { key: this.keyOf(index), offset: 0 };
  }

  private keyOf(value: Value): string {
    const node = this.nodes.get(value);
    if (node?.kind === 'literal') return `${node.value}`;
    return node?.kind === 'apply' ? `${node.op}(${node.operands.map((operand) => this.keyOf(operand)).join()})` : `${value.id}`;
  }

  /**
   * Whether the index grows with the counters of the nest, and is made of nothing else that changes in there. Adds to `whole` what
   * has to be an integer, and to `factors` what of it must not be negative, because something is multiplied by it.
   */
  private collect(value: Value, outside: (value: Value) => boolean, nest: readonly LoopNode[], whole: Set<Value>, factors: Set<Value>, isFactor = false): boolean {
    const node = this.nodes.get(value);
    if (node?.kind === 'literal') return typeof node.value === 'number' && Number.isInteger(node.value) && node.value >= 0;
    const counted = this.counters.get(value);
    if (counted !== undefined && !outside(value)) return nest.includes(counted) && this.collectCounter(counted, outside, nest);
    if (outside(value)) {
      whole.add(value);
      if (isFactor) factors.add(value);
      return true;
    }
    if (node?.kind !== 'apply') return false;
    const isGrowing = node.op === 'add' || node.op === 'mul';
    return isGrowing && node.operands.every((operand) => this.collect(operand, outside, nest, whole, factors, isFactor || node.op === 'mul'));
  }

  private collectCounter({ counter }: LoopNode, outside: (value: Value) => boolean, nest: readonly LoopNode[]): boolean {
    const { from, to, step } = counter!;
    if (step < 0 || !this.facts.isNonNegative(from)) return false;
    return outside(to!) || this.collect(to!, outside, nest, new Set(), new Set());
  }

  private smallest(value: Value, outside: (value: Value) => boolean, builder: BlockBuilder): Value {
    const node = this.nodes.get(value);
    if (node?.kind === 'literal') return builder.literal(node.value as number);
    const counter = outside(value) ? undefined : this.counters.get(value)?.counter;
    if (counter !== undefined) return outside(counter.from) ? counter.from : builder.literal(0);
    if (outside(value) || node?.kind !== 'apply') return value;
    return builder.apply(node.op, node.operands.map((operand) => this.smallest(operand, outside, builder)));
  }

  private largest(value: Value, outside: (value: Value) => boolean, whole: ReadonlySet<Value>, builder: BlockBuilder): Value {
    const node = this.nodes.get(value);
    if (node?.kind === 'literal') return builder.literal(node.value as number);
    const counter = outside(value) ? undefined : this.counters.get(value)?.counter;
    if (counter !== undefined) {
      const to = this.largest(counter.to!, outside, whole, builder);
      const isWhole = to.type.kind === 'integer' || whole.has(to);
      const end = isWhole ? to : builder.apply(counter.test === '<' ? 'ceil' : 'floor', [to]);
      return counter.test === '<' ? builder.apply('sub', [end, builder.literal(1)]) : end;
    }
    if (outside(value) || node?.kind !== 'apply') return value;
    return builder.apply(node.op, node.operands.map((operand) => this.largest(operand, outside, whole, builder)));
  }
}
