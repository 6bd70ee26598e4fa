/** How often a loop inside of another one runs, as a function of the outer one's counter: `n - 1 - j` for `for (i = j + 1; i < n; i++)`. */

import type { Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { definedIn, results, visit } from '../src/graph/walk.ts';
import type { IndexFacts } from './index-facts.ts';

/** `base + shift + growth * j`, never negative; `base` is a whole number from outside, 0 where it is missing. */
export interface Trips {
  readonly base?: Value;
  readonly shift: number;
  readonly growth: -1 | 0 | 1;
}

/** Undefined where it is not known, or may be negative: such a loop does not run. */
export function tripsOf(inner: LoopNode, outer: LoopNode, graph: Graph, facts: IndexFacts): Trips | undefined {
  const { counter } = inner;
  if (counter?.to === undefined || counter.step !== 1 || outer.counter?.to === undefined) return undefined;
  if (counter.test !== '<' && counter.test !== '<=') return undefined;
  const bounds = new Bounds(outer, graph);
  const [from, to] = [bounds.of(counter.from), bounds.of(counter.to)];
  if (from === undefined || to === undefined || from.base !== undefined) return undefined;
  const shift = to.shift - from.shift + (counter.test === '<=' ? 1 : 0);
  const growth = to.growth - from.growth;
  const trips = { ...(to.base && { base: to.base }), shift, growth: growth as Trips['growth'] };
  return leastOf(trips, outer, facts) >= 0 ? trips : undefined;
}

/** What the trips are at least, in all iterations of the outer loop. */
function leastOf({ base, shift, growth }: Trips, { counter }: LoopNode, facts: IndexFacts): number {
  const { variable, to, test } = counter!;
  if (growth === -1) {
    const isSameEnd = base !== undefined && to !== undefined && facts.isSame(to, base);
    return isSameEnd && (test === '<' || test === '<=') ? shift + (test === '<' ? 1 : 0) : -Infinity;
  }
  return (base === undefined ? 0 : facts.smallest(base)) + shift + (growth === 1 ? facts.smallest(variable) : 0);
}

/** Whole numbers in an iteration of a loop: its counter, and what is known outside, plus or minus literals. */
class Bounds {
  private readonly counter: Value;
  private readonly inside: ReadonlySet<Value>;
  private readonly nodes = new Map<Value, Node>();

  constructor(loop: LoopNode, graph: Graph) {
    this.counter = loop.counter!.variable;
    this.inside = definedIn(loop);
    visit(graph.body, (node) => results(node).forEach((value) => this.nodes.set(value, node)));
  }

  of(value: Value): { readonly base?: Value; readonly shift: number; readonly growth: 0 | 1 } | undefined {
    if (value === this.counter) return { shift: 0, growth: 1 };
    const node = this.nodes.get(value);
    if (node?.kind === 'literal') return typeof node.value === 'number' && Number.isInteger(node.value) ? { shift: node.value, growth: 0 } : undefined;
    if (value.type.kind !== 'integer') return undefined;
    if (node?.kind === 'apply' && (node.op === 'add' || node.op === 'sub')) {
      const [a, b] = node.operands.map((operand) => this.of(operand));
      const isShift = b !== undefined && b.base === undefined && b.growth === 0;
      if (a && isShift) return { ...a, shift: a.shift + (node.op === 'add' ? b.shift : -b.shift) };
    }
    return this.inside.has(value) ? undefined : { base: value, shift: 0, growth: 0 };
  }
}
