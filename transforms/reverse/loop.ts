/**
 * The mirror of a loop: the same iterations, last to first.
 *
 * Carried adjoints: one for each active carried value (the adjoint of what the iteration handed on, going in; of what it
 * was handed, coming out), and one sum for each value from outside that the body uses. Three shapes of exits:
 *
 * - none, or exits that only hand the carried values out as they came in: the completed iterations are mirrored and the
 *   iteration that left has nothing to reverse;
 * - one exit at the end of the body that hands out what the next iteration would get (`do … while`): the iteration that
 *   left is like the others;
 * - anything else: the mirror begins with the iteration that left and asks which way it went (`exits.ts`).
 */

import { boolean, integer, newLoopId, newValue, real } from '../../src/graph/build.ts';
import type { Counter, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { mayBreak, visitNodes } from '../../src/graph/walk.ts';
import { breakExits, seedBreak, type ExitContext } from './exits.ts';
import { adjointName, Frame } from './frame.ts';
import { replayed } from './replay.ts';
import { primal, reverseNodes, type Sweep } from './sweep.ts';

export function reverseLoop(sweep: Sweep, frame: Frame, loop: LoopNode): void {
  if (loop.replayed) replayed(sweep, frame, loop, () => mirrorLoop(sweep, frame, loop));
  else mirrorLoop(sweep, frame, loop);
}

function mirrorLoop(sweep: Sweep, frame: Frame, loop: LoopNode): void {
  const cotangents = loop.results.map((result) =>
    sweep.activity.isActive(result) ? frame.adjoint(result) : undefined,
  );
  if (loop.body.exit.kind === 'break') {
    reverseBlock(sweep, frame, loop, cotangents);
    return;
  }
  const shape = shapeOf(sweep, loop);
  const counter = sweep.changes.counterOf(loop);
  const mirrored = newValue(integer, counter.variable.name);
  const bounds = mirrorBounds(sweep, frame, loop, counter, shape);

  const body = new Frame(frame, 'loop', (value) => sweep.homeOf(value) === loop.body, loop.origin);
  const carried = loop.body.params.flatMap((param, i) =>
    sweep.activity.isActive(param) && isNumber(param)
      ? [{ param, next: nextOf(loop, i), initial: loop.initial[i]!, adjoint: newValue(real, adjointName(param)) }]
      : [],
  );
  const seed = (at: Frame): void => {
    for (const { next, adjoint } of carried) {
      if (next && sweep.activity.isActive(next)) at.contribute(next, adjoint);
    }
  };
  const exits = shape === 'leaving' ? exitContext(sweep, loop, cotangents, counter.after, mirrored) : undefined;
  reverseNodes(sweep, body, loop.body.nodes, seed, exits);

  const outer = [...body.touched];
  if (carried.length === 0 && body.isEmpty) {
    seedDone(sweep, frame, loop, shape, cotangents);
    return;
  }
  const initial = [
    ...carried.map(({ param }) => firstAdjoint(sweep, frame, loop, shape, cotangents, param)),
    ...outer.map((value) => frame.incomingFor(value) ?? frame.builder.literal(0, real)),
  ];
  const params = [
    ...carried.map(({ adjoint }) => adjoint),
    ...outer.map((value) => body.carried.get(value) ?? newValue(real, adjointName(value))),
  ];
  const next = [
    ...carried.map(({ param }) => body.adjoint(param) ?? body.builder.literal(0, real)),
    ...outer.map((value) => body.adjoint(value)!),
  ];
  const results = params.map((param) => newValue(real, param.name));
  frame.builder.origin = loop.origin;
  frame.builder.loop({
    id: newLoopId(),
    counter: { variable: mirrored, ...bounds },
    initial,
    body: { params, nodes: body.nodes, exit: { kind: 'yield', values: next } },
    done: params,
    results,
    mirrors: loop.id,
    includesLeaving: shape !== 'completed',
  });
  outer.forEach((value, i) => frame.replaceAdjoint(value, results[carried.length + i]));
  carried.forEach(({ initial: value }, i) => {
    if (sweep.activity.isActive(value)) frame.contribute(value, results[i]!);
  });
  seedDone(sweep, frame, loop, shape, cotangents);
}

type Shape = 'completed' | 'tail' | 'leaving';

function isNumber(value: Value): boolean {
  return value.type.kind === 'real' || (value.type.kind === 'optional' && value.type.of.kind === 'real');
}

function nextOf(loop: LoopNode, i: number): Value | undefined {
  return loop.body.exit.kind === 'yield' ? loop.body.exit.values[i] : undefined;
}

function shapeOf(sweep: Sweep, loop: LoopNode): Shape {
  const exits = breakExits(loop.body);
  if (exits.length === 0) return 'completed';
  const active = loop.results.flatMap((result, i) => (sweep.activity.isActive(result) && isNumber(result) ? [i] : []));
  const lastExit = loop.body.nodes.findLastIndex(mayBreak);
  const before = loop.body.nodes.slice(0, lastExit + 1);
  const plain = !changesActiveMemory(sweep, before);
  const handsOutCarried = (values: readonly Value[]): boolean =>
    active.every((i) => isCarriedAs(loop, values[i]!, i));
  if (plain && exits.every((exit) => handsOutCarried(exit.values))) return 'completed';
  return isTailExit(sweep, loop, active) ? 'tail' : 'leaving';
}

/** All ends of the loop give result `i` the same carried value, so that one initial adjoint serves all. */
function isCarriedAs(loop: LoopNode, value: Value, i: number): boolean {
  if (!loop.body.params.includes(value)) return false;
  return breakExits(loop.body).every((exit) => exit.values[i] === value) && (loop.done[i] ?? value) === value;
}

function isTailExit(sweep: Sweep, loop: LoopNode, active: readonly number[]): boolean {
  const exits = breakExits(loop.body);
  const last = loop.body.nodes.findLastIndex(mayBreak);
  const node = loop.body.nodes[last];
  const first = loop.body.nodes.findIndex(mayBreak);
  if (exits.length !== 1 || loop.counter?.to !== undefined || first !== last || node?.kind !== 'if') return false;
  const arms = [node.then, node.else];
  if (arms.some((arm) => hasActiveWork(sweep, arm.nodes)) || node.results.some((r) => sweep.activity.isActive(r))) return false;
  if (hasActiveWork(sweep, loop.body.nodes.slice(last + 1)) || !arms.some((arm) => arm.exit === exits[0])) return false;
  return active.every((i) => {
    const value = exits[0]!.values[i]!;
    return loop.body.params.some((param, k) => nextOf(loop, k) === value && sweep.activity.isActive(param));
  });
}

function hasActiveWork(sweep: Sweep, nodes: readonly Node[]): boolean {
  let found = changesActiveMemory(sweep, nodes);
  visitNodes(nodes, (node) => {
    if ('result' in node && node.result !== undefined && sweep.activity.isActive(node.result)) found = true;
    if ('results' in node && node.results.some((result) => sweep.activity.isActive(result))) found = true;
  });
  return found;
}

/**
 * Memory that is made counts as well: the mirror of `[a, b]` passes the adjoints of its elements on. So do calls of a pair,
 * and loops where frames are kept: what they have left is taken off by their mirror.
 */
function changesActiveMemory(sweep: Sweep, nodes: readonly Node[]): boolean {
  let found = false;
  visitNodes(nodes, (node) => {
    const writes = node.kind === 'store' || node.kind === 'resize' || node.kind === 'accumulate';
    if (writes && sweep.activity.isActive(node.memory)) found = true;
    if (node.kind === 'alloc' && sweep.activity.isActive(node.result)) found = true;
    if (node.kind === 'rule' && [...node.results, ...node.operands].some((value) => sweep.activity.isActive(value))) found = true;
    if (node.kind === 'call' || (sweep.keepsFrames && node.kind === 'loop')) found = true;
  });
  return found;
}

/** The adjoint that the first mirrored iteration is handed for `param`. */
function firstAdjoint(
  sweep: Sweep,
  frame: Frame,
  loop: LoopNode,
  shape: Shape,
  cotangents: readonly (Value | undefined)[],
  param: Value,
): Value {
  if (shape === 'leaving' && loop.counter?.to === undefined) return frame.builder.literal(0, real);
  const ends = shape === 'tail' ? breakExits(loop.body)[0]!.values : endValues(loop);
  const own = shape === 'tail' ? tailValues(sweep, loop, param, ends) : ends.map((value) => value === param);
  let sum: Value | undefined;
  own.forEach((mine, i) => {
    const d = cotangents[i];
    if (!mine || d === undefined) return;
    sum = sum === undefined ? d : frame.builder.apply('add', [sum, d], { type: real });
  });
  return sum ?? frame.builder.literal(0, real);
}

/** Which results of a `do … while` are what `param` becomes; each result belongs to one carried value. */
function tailValues(sweep: Sweep, loop: LoopNode, param: Value, ends: readonly Value[]): readonly boolean[] {
  const index = loop.body.params.indexOf(param);
  const owner = (value: Value): number =>
    loop.body.params.findIndex((other, k) => nextOf(loop, k) === value && sweep.activity.isActive(other));
  return ends.map((value) => owner(value) === index);
}

/** What the results are where no iteration left on a path of its own. */
function endValues(loop: LoopNode): readonly Value[] {
  if (loop.counter?.to !== undefined) return loop.done;
  return breakExits(loop.body)[0]?.values ?? [];
}

/** Results that are values from outside the loop when it ends by its bound or hands nothing of its own out. */
function seedDone(
  sweep: Sweep,
  frame: Frame,
  loop: LoopNode,
  shape: Shape,
  cotangents: readonly (Value | undefined)[],
): void {
  if (shape === 'tail' || (shape === 'leaving' && loop.counter?.to === undefined)) return;
  endValues(loop).forEach((value, i) => {
    const d = cotangents[i];
    if (d === undefined || loop.body.params.includes(value) || !sweep.activity.isActive(value)) return;
    if (sweep.homeOf(value) === loop.body) return;
    const atBound = shape === 'leaving' ? onlyAtBound(sweep, frame, loop, d) : d;
    frame.contribute(value, atBound);
  });
}

function onlyAtBound(sweep: Sweep, frame: Frame, loop: LoopNode, d: Value): Value {
  const b = frame.builder;
  const left = primal(sweep, frame, sweep.changes.tagOf(loop));
  return b.apply('select', [b.apply('eq', [left, b.literal(0)]), d, b.literal(0, real)]);
}

/** `from`, `to` and step of the mirror: down to where the loop began. */
function mirrorBounds(
  sweep: Sweep,
  frame: Frame,
  loop: LoopNode,
  counter: Counter & { readonly after: Value },
  shape: Shape,
): Omit<Counter, 'variable'> {
  const b = frame.builder;
  const to = primal(sweep, frame, counter.from);
  const back = { to, test: counter.step > 0 ? '>=' : '<=', step: -counter.step } as const;
  if (shape === 'completed' && breakExits(loop.body).length === 0 && hasKnownLast(counter, frame.isInLoop)) {
    const bound = primal(sweep, frame, counter.to!);
    const inclusive = counter.test === '<=' || counter.test === '>=';
    // `i < 2.5` ends with 2; where a bound is no integer, the last index below it is one less than the next integer.
    const whole = bound.type.kind === 'integer' ? bound : b.apply('ceil', [bound], { type: integer });
    return { from: inclusive ? bound : b.apply('sub', [whole, b.literal(counter.step)]), ...back };
  }
  const after = primal(sweep, frame, counter.after);
  const last = (): Value => b.apply('sub', [after, b.literal(counter.step)]);
  if (shape === 'completed') return { from: last(), ...back };
  if (counter.to === undefined) return { from: after, ...back };
  const left = b.apply('ne', [primal(sweep, frame, sweep.changes.tagOf(loop)), b.literal(0)]);
  return { from: b.apply('select', [left, after, last()], { type: integer }), ...back };
}

/**
 * With an integer bound and a step of one the last iteration is known without counting. Of a bound that is any number that
 * is worth an operation inside other loops, where the counter would have to be kept once per iteration.
 */
function hasKnownLast({ to, step, test }: Counter, isInLoop: boolean): boolean {
  if (Math.abs(step) !== 1 || to === undefined) return false;
  return to.type.kind === 'integer' || (isInLoop && step === 1 && test === '<');
}

function exitContext(
  sweep: Sweep,
  loop: LoopNode,
  cotangents: readonly (Value | undefined)[],
  after: Value,
  mirrored: Value,
): ExitContext {
  const exits = breakExits(loop.body);
  const numberOf = new Map(exits.map((exit, i) => [exit, i + 1]));
  const tagged = exits.length > 1 || loop.counter?.to !== undefined;
  if (tagged) for (const [exit, number] of numberOf) sweep.changes.tagExit(exit, number);
  const tag = tagged ? sweep.changes.tagOf(loop) : undefined;
  return {
    numberOf,
    cotangents,
    leftBy: (frame, exit) => {
      const b = frame.builder;
      const here = b.apply('eq', [mirrored, primal(sweep, frame, after)]);
      if (exits.length === 1) return here;
      return b.apply('and', [here, b.apply('eq', [primal(sweep, frame, tag!), b.literal(exit)])]);
    },
    passed: (frame, exit) => {
      const b = frame.builder;
      const completed = b.apply('ne', [mirrored, primal(sweep, frame, after)]);
      if (exit === exits.length) return completed;
      return b.apply('or', [completed, b.apply('gt', [primal(sweep, frame, tag!), b.literal(exit)])]);
    },
  };
}

/** A labelled block: it ran once, and was left by one of its exits. */
function reverseBlock(
  sweep: Sweep,
  frame: Frame,
  loop: LoopNode,
  cotangents: readonly (Value | undefined)[],
): void {
  const exits = breakExits(loop.body);
  const numberOf = new Map(exits.map((exit, i) => [exit, i + 1]));
  const tagged = exits.length > 1;
  if (tagged) for (const [exit, number] of numberOf) sweep.changes.tagExit(exit, number);
  const tag = tagged ? sweep.changes.tagOf(loop) : undefined;
  const compare = (at: Frame, op: 'eq' | 'gt', exit: number): Value =>
    tag === undefined
      ? at.builder.literal(op === 'eq', boolean)
      : at.builder.apply(op, [primal(sweep, at, tag), at.builder.literal(exit)]);
  const context: ExitContext = {
    numberOf,
    cotangents,
    leftBy: (at, exit) => compare(at, 'eq', exit),
    passed: (at, exit) => compare(at, 'gt', exit),
  };
  const body = new Frame(frame, 'part', (value) => sweep.homeOf(value) === loop.body, loop.origin);
  const last = exits.at(-1)!;
  reverseNodes(sweep, body, loop.body.nodes, (at) => seedBreak(sweep, at, last, context), context);
  for (const node of body.nodes) frame.builder.nodes.push(node);
  for (const value of body.touched) frame.replaceAdjoint(value, body.adjoint(value));
  loop.body.params.forEach((param, i) => {
    const d = body.adjoint(param);
    if (d !== undefined && sweep.activity.isActive(loop.initial[i]!)) frame.contribute(loop.initial[i]!, d);
  });
}
