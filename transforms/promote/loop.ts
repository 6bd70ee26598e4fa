/**
 * Promotion through a loop: references to known objects are carried slot by slot, or not at all where every iteration has the
 * same object; objects from outside that the body may store into are carried as well.
 */

import { newValue } from '../../src/graph/build.ts';
import type { Block, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import { type End, Joiner } from './join.ts';
import { type KnownObject, sameShape, type State } from './objects.ts';
import { NotPromotable, type Promotion, slotName } from './promotion.ts';

export function promoteLoop(promotion: Promotion, node: LoopNode, out: Node[], state: State): void {
  const { body, counter } = node;
  const once = body.exit.kind !== 'yield';
  const [outerLoops, outerBreaks] = [promotion.loops, promotion.breaks];
  promotion.loops = [...outerLoops, node];
  promotion.breaks = [];
  const inner: End = { nodes: [], state: state.fork(), values: [] };
  const initial: Value[] = [];
  const params: Value[] = [];
  const carry = (param: Value, from: Value): void => {
    params.push(param);
    initial.push(from);
  };
  /** What the next iteration gets, in the order of `params`. */
  const feeds: (() => void)[] = [];
  const next = body.exit.kind === 'yield' ? body.exit.values : [];

  body.params.forEach((param, i) => {
    const from = node.initial[i]!;
    const object = promotion.isOpaque(param) ? undefined : promotion.objectOf(from);
    if (once) promotion.replaced.set(param, promotion.resolve(from));
    else if (object === undefined) {
      carry(param, promotion.use(from));
      feeds.push(() => inner.values.push(promotion.use(next[i]!)));
    } else if (promotion.split.has(param)) {
      carrySlots(promotion, param, object, state, inner, carry, feeds, () => next[i]!, out);
    } else {
      promotion.bind(param, object);
      feeds.push(() => {
        if (promotion.objectOf(next[i]!) !== object) throw new NotPromotable(param, 'split');
      });
    }
  });
  if (!once && storesSomething(body)) carryState(promotion, state, inner, carry, feeds);

  const atStart = inner.state.fork();
  promotion.nodes(body.nodes, inner.nodes!, inner.state);
  const exit = promotion.armExit(body.exit, inner);
  feeds.forEach((feed) => feed());

  const atBound: End = { nodes: undefined, state: atStart, values: [], from: node.done };
  const ends = counter?.to === undefined ? promotion.breaks : [atBound, ...promotion.breaks];
  promotion.loops = outerLoops;
  promotion.breaks = outerBreaks;
  const kept: Value[] = [];
  const joiner = new Joiner(promotion, ends, state, kept, undefined);
  node.results.forEach((result, i) => joiner.join(ends.map(({ from }) => from![i]!), result));
  joiner.joinSlots();
  out.push({
    ...node,
    ...(counter === undefined
      ? {}
      : { counter: { ...counter, from: promotion.use(counter.from), ...(counter.to ? { to: promotion.use(counter.to) } : {}) } }),
    initial,
    body: { params, nodes: inner.nodes!, exit },
    done: counter?.to === undefined ? [] : atBound.values,
    results: kept,
  });
}

/** A carried reference to other objects in other iterations: their slots are carried instead. */
function carrySlots(
  promotion: Promotion,
  param: Value,
  from: KnownObject,
  state: State,
  inner: End,
  carry: (param: Value, from: Value) => void,
  feeds: (() => void)[],
  next: () => Value,
  out: Node[],
): void {
  const object = promotion.fresh(param, from.shape, false);
  promotion.markCopied(from, param);
  const values = from.shape.slots.map((slot, i) => {
    const first = promotion.read(from, i, state, out);
    const value = newValue(slot.type, slotName(object, i));
    const held = promotion.objectOf(first);
    if (held) promotion.bind(value, held);
    else carry(value, promotion.use(first));
    feeds.push(() => {
      const source = promotion.objectOf(next());
      if (source === undefined || !sameShape(source.shape, object.shape)) throw new NotPromotable(param);
      promotion.markCopied(source, param);
      const fed = promotion.read(source, i, inner.state, inner.nodes);
      if (!held) inner.values.push(promotion.use(fed));
      else if (promotion.objectOf(fed) !== held) throw new NotPromotable(param);
    });
    return value;
  });
  inner.state.set(object, values);
}

/** Objects from outside that the body may store into: their slots are carried. */
function carryState(promotion: Promotion, state: State, inner: End, carry: (param: Value, from: Value) => void, feeds: (() => void)[]): void {
  for (const object of state.objects) {
    if (!object.mutable) continue;
    const values = state.valuesOf(object).map((first, i) => {
      const held = promotion.objectOf(first);
      const check = (value: Value): void => {
        if (promotion.objectOf(value) !== held) throw new NotPromotable(object.value);
      };
      if (held) {
        feeds.push(() => check(inner.state.valuesOf(object)[i]!));
        return first;
      }
      const value = newValue(object.shape.slots[i]!.type, slotName(object, i));
      if (promotion.holes.has(first)) promotion.holes.add(value);
      carry(value, promotion.use(first));
      feeds.push(() => inner.values.push(promotion.use(inner.state.valuesOf(object)[i]!)));
      return value;
    });
    inner.state.set(object, values);
  }
}

function storesSomething(body: Block): boolean {
  let found = false;
  visit(body, (node) => {
    if (node.kind === 'store') found = true;
  });
  return found;
}
