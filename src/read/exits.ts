/** Where control flow divides, meets and leaves: branches, loops of the graph, and jumps across them. */

import type { ts } from 'ts-morph';

import { integer, newLoopId, newValue, yields } from '../graph/build.ts';
import { substitute } from '../graph/walk.ts';
import type { Counter, Exit, Node, Type, Value } from '../graph/types.ts';
import { hasCheckpoint } from './checkpoints.ts';
import { isClosure, type Bindings, type Cell, type Closure, type Item, type Outcome, type Reading, type Region, type Target } from './context.ts';
import { short } from './places.ts';
import { joinTypes } from './types.ts';

/** Reads two arms and joins what they assign; where one does not reach its end, the other goes on behind the `if`. */
export function branch(r: Reading, node: ts.Node, condition: Value, then: () => Outcome, otherwise: () => Outcome): Outcome {
  const origin = r.builder.origin;
  const a = r.within(then);
  const b = r.within(otherwise);
  r.builder.origin = origin;
  const empty = { params: [], nodes: [], exit: yields([]) };
  if (a.value === 'dead') {
    r.builder.if(condition, a.builder.block(r.exits.get(a.builder)!), empty, []);
    splice(r, b);
    return b.value;
  }
  if (b.value === 'dead') {
    r.builder.if(condition, empty, b.builder.block(r.exits.get(b.builder)!), []);
    splice(r, a);
    return 'next';
  }
  const results: Value[] = [];
  const left: Value[] = [];
  const right: Value[] = [];
  for (const [cell, x] of a.bindings) {
    const y = b.bindings.get(cell);
    if (y === undefined) continue;
    if (x === y) {
      // Both arms may have assigned the same value: `[a, b] = [b, a]` in each.
      r.bindings.set(cell, x);
      continue;
    }
    if (isClosure(x) || isClosure(y)) {
      if (isClosure(x) && isClosure(y) && isSameFunction(x, y)) {
        r.bindings.set(cell, x);
        continue;
      }
      r.refuse(node, 'GG2004', { callee: cell.name ?? short(node) });
    }
    const result = newValue(joined(r, node, x, y, cell), cell.name);
    r.memory.derive(result, x);
    r.memory.derive(result, y);
    results.push(result);
    left.push(x);
    right.push(y);
    r.bindings.set(cell, result);
  }
  if (results.length > 0 || a.builder.nodes.length > 0 || b.builder.nodes.length > 0) {
    r.builder.if(condition, a.builder.block(yields(left)), b.builder.block(yields(right)), results);
  }
  return 'next';
}

/** `make(1)` and `make(2)` are two functions, though they are written once: each has caught variables of its own. */
function isSameFunction(a: Closure, b: Closure): boolean {
  return a.declaration === b.declaration && a.frame === b.frame && a.self === b.self;
}

function splice(r: Reading, arm: ReturnType<Reading['within']>): void {
  for (const node of arm.builder.nodes) r.builder.push(node);
  r.bindings = arm.bindings;
  const exit = r.exits.get(arm.builder);
  if (exit !== undefined) r.exits.set(r.builder, exit);
}

/** `c ? a : b` of two readings that give a value. */
export function choose(r: Reading, node: ts.Node, condition: Value, then: () => Item, otherwise: () => Item): Item {
  const cell: Cell = { name: undefined, mutable: false, integer: false };
  const arm = (read: () => Item) => (): Outcome => {
    r.bindings.set(cell, read());
    return 'next';
  };
  branch(r, node, condition, arm(then), arm(otherwise));
  const item = r.bindings.get(cell);
  r.bindings.delete(cell);
  return item ?? r.refuse(node, 'GG2004', { callee: short(node) });
}

function joined(r: Reading, node: ts.Node, a: Value, b: Value, cell: Cell): Type {
  return joinTypes(a.type, b.type) ?? r.refuse(node, 'GG2076', { name: cell.name ?? short(node) });
}

// ------------------------------------------------------------------------------------------------ jumps

export function end(r: Reading, exit: Exit): Outcome {
  r.exits.set(r.builder, exit);
  return 'dead';
}

/** From here to the target. Across loops of the graph it breaks the nearest one and leaves the tag. */
export function jump(r: Reading, target: Target): Outcome {
  const nearest = r.regions.at(-1);
  if (target.region === undefined ? nearest === target.around : nearest === target.region) {
    return target.region === undefined ? 'next' : leave(r, nearest!);
  }
  let index = nearest!.crossings.indexOf(target);
  if (index < 0) index = nearest!.crossings.push(target) - 1;
  r.bindings.set(nearest!.tag, r.literal(index + 1));
  return leave(r, nearest!);
}

function leave(r: Reading, region: Region): Outcome {
  const values: Value[] = [];
  region.breaks.push({ values, bindings: new Map(r.bindings) });
  return end(r, { kind: 'break', values });
}

function newRegion(result?: Cell): Region {
  return { ...(result === undefined ? {} : { result }), breaks: [], tag: { name: 'left', mutable: true, integer: true }, crossings: [] };
}

/** Behind a loop: the jumps that went across it go on. */
function onwards(r: Reading, node: ts.Node, region: Region, rest: () => Outcome): Outcome {
  const tag = r.bindings.get(region.tag);
  r.bindings.delete(region.tag);
  const from = (index: number): Outcome => {
    const target = region.crossings[index];
    if (target === undefined) return rest();
    if (tag === undefined || isClosure(tag)) return jump(r, target);
    const condition = r.builder.apply('eq', [tag, r.literal(index + 1)]);
    return branch(r, node, condition, () => jump(r, target), () => from(index + 1));
  };
  return from(0);
}

// ------------------------------------------------------------------------------------------------ run once

/** A labelled block: `read` may jump to the region's end from anywhere. */
export function once(r: Reading, node: ts.Node, read: (region: Region) => Outcome, rest: () => Outcome, result?: Cell): Outcome {
  const region = newRegion(result);
  const origin = r.builder.origin;
  const body = r.within(() => {
    r.regions.push(region);
    try {
      return read(region) === 'next' ? leave(r, region) : 'dead';
    } finally {
      r.regions.pop();
    }
  });
  r.builder.origin = origin;
  const { cells, results } = leavings(r, node, region, new Map());
  r.builder.loop({
    id: newLoopId(),
    initial: [],
    body: body.builder.block(r.exits.get(body.builder)!),
    done: [],
    results,
  });
  cells.forEach((cell, i) => r.bindings.set(cell, results[i]!));
  return onwards(r, node, region, rest);
}

/** Fills the values of all breaks: every variable that one of them, or the end of the loop (`last`), has changed. */
function leavings(r: Reading, node: ts.Node, region: Region, last: ReadonlyMap<Cell, Value>, counter?: Cell) {
  const known = new Set<Cell>(last.keys());
  const results = new Set<Cell>(region.crossings.flatMap((target) => (target.result ? [target.result] : [])));
  if (region.result !== undefined) results.add(region.result);
  if (region.crossings.length > 0) known.add(region.tag);
  for (const site of region.breaks) {
    for (const [cell, item] of site.bindings) {
      const before = r.bindings.get(cell);
      if (cell === counter) continue;
      if (before === undefined ? results.has(cell) : item !== before && !isProvisional(r, cell, item)) known.add(cell);
    }
  }
  const cells = [...known];
  const values: Value[] = [];
  const done: Value[] = [];
  for (const cell of cells) {
    const sites = region.breaks.map((site) => site.bindings.get(cell));
    const before = last.get(cell) ?? r.bindings.get(cell);
    const present = [before, ...sites].filter((item) => item !== undefined);
    if (present.some(isClosure)) r.refuse(node, 'GG2004', { callee: cell.name ?? 'function' });
    const items = present as Value[];
    let type = items[0]!.type;
    for (const item of items) {
      type = joinTypes(type, item.type) ?? r.refuse(node, 'GG2076', { name: cell.name ?? short(node) });
    }
    const fallback =
      (before as Value | undefined) ?? (cell === region.tag ? r.zero() : r.builder.unassigned(type, cell.name));
    const result = newValue(type, cell.name);
    for (const item of items) r.memory.derive(result, item);
    values.push(result);
    done.push(fallback);
    region.breaks.forEach((site, i) => site.values.push((sites[i] as Value | undefined) ?? fallback));
  }
  return { cells, results: values, done };
}

function isProvisional(r: Reading, cell: Cell, item: Item): boolean {
  return !isClosure(item) && r.provisional.get(item) === cell;
}

// ------------------------------------------------------------------------------------------------ loops

export interface LoopParts {
  readonly node: ts.Node;
  /** Counted: the counter's cell is bound to it in the body. */
  readonly counter?: { readonly cell?: Cell; readonly counter: Counter; readonly outlives: boolean };
  /** One iteration without the bound's test: conditions leave by `leaveLoop`. */
  readonly body: (region: Region) => Outcome;
  /** The counted form does not hold for what was read: `false` asks to read again without. */
  readonly holds?: (nodes: readonly Node[]) => boolean;
}

/** Leaves the loop where the condition fails. */
export function leaveUnless(r: Reading, node: ts.Node, condition: Value, region: Region): Outcome {
  return branch(r, node, condition, () => 'next', () => leave(r, region));
}

/** A variable that holds another function in the next iteration is none that could be called by what it holds in the first. */
function checkFunctions(r: Reading, node: ts.Node, after: Bindings): void {
  for (const [cell, before] of r.bindings) {
    const next = after.get(cell);
    if (!isClosure(before) || next === before) continue;
    if (next === undefined || !isClosure(next) || !isSameFunction(before, next)) r.refuse(node, 'GG2004', { callee: cell.name ?? 'function' });
  }
}

/** False where a counted loop has to be read again as one without a bound. */
export function loop(r: Reading, parts: LoopParts, rest: () => Outcome): Outcome | 'uncounted' {
  const types = new Map<Cell, Type>();
  for (;;) {
    const outcome = attempt(r, parts, types);
    if (outcome === 'again') continue;
    if (outcome === 'uncounted') return outcome;
    return onwards(r, parts.node, outcome, rest);
  }
}

function attempt(r: Reading, parts: LoopParts, types: Map<Cell, Type>): Region | 'again' | 'uncounted' {
  const region = newRegion();
  const { counter } = parts;
  const origin = r.builder.origin;
  const params = new Map<Cell, Value>();
  if (counter !== undefined) r.counters.set(counter.counter.variable, counter.counter);
  if (counter !== undefined && counter.counter.step > 0) {
    const from = r.builder.literalOf(counter.counter.from);
    if (typeof from === 'number' && from >= 0) r.natural.add(counter.counter.variable);
  }
  const body = r.within(() => {
    for (const [cell, item] of r.bindings) {
      if (!cell.mutable || isClosure(item)) continue;
      const type = types.get(cell) ?? (item.type.kind === 'integer' && !cell.integer ? ({ kind: 'real' } as const) : item.type);
      const param = newValue(type, cell.name);
      r.memory.derive(param, item);
      r.provisional.set(param, cell);
      params.set(cell, param);
      r.bindings.set(cell, param);
    }
    if (counter?.cell !== undefined) {
      r.bindings.set(counter.cell, counter.counter.variable);
      params.delete(counter.cell);
    }
    r.regions.push(region);
    try {
      return parts.body(region);
    } finally {
      r.regions.pop();
    }
  });
  r.builder.origin = origin;
  if (counter !== undefined && (body.value === 'dead' || parts.holds?.(body.builder.nodes) === false)) return 'uncounted';

  const carried: Cell[] = [];
  if (body.value === 'next') {
    checkFunctions(r, parts.node, body.bindings);
    for (const [cell, param] of params) {
      const next = body.bindings.get(cell)!;
      if (next === param) continue;
      if (isClosure(next)) r.refuse(parts.node, 'GG2004', { callee: cell.name ?? 'function' });
      const type = joinTypes(param.type, next.type) ?? r.refuse(parts.node, 'GG2076', { name: cell.name ?? short(parts.node) });
      if (type.kind !== param.type.kind) {
        types.set(cell, type);
        return 'again';
      }
      r.memory.derive(param, next);
      carried.push(cell);
    }
  }
  const last = new Map(carried.map((cell) => [cell, params.get(cell)!]));
  const { cells, results, done } = leavings(r, parts.node, region, last, counter?.cell);
  const isCarried = new Set(carried);
  const outer = new Map<Value, Value>();
  for (const [cell, param] of params) if (!isCarried.has(cell)) outer.set(param, r.bindings.get(cell) as Value);
  const exit: Exit =
    body.value === 'dead' ? r.exits.get(body.builder)! : yields(carried.map((cell) => body.bindings.get(cell) as Value));
  const block = { params: carried.map((cell) => params.get(cell)!), nodes: body.builder.nodes, exit };
  const after = counter?.outlives ? newValue(integer, counter.cell?.name) : undefined;
  const checkpointed = hasCheckpoint(parts.node);
  if (checkpointed && (counter === undefined || region.breaks.length > 0)) r.refuse(parts.node, 'GG2115');
  r.builder.loop({
    id: newLoopId(),
    ...(checkpointed && { checkpointed }),
    initial: carried.map((cell) => r.bindings.get(cell) as Value),
    body: substitute(block, (value) => outer.get(value) ?? value),
    done: counter === undefined ? [] : done.map((value) => outer.get(value) ?? value),
    results,
    ...(counter === undefined ? {} : { counter: after === undefined ? counter.counter : { ...counter.counter, after } }),
  });
  cells.forEach((cell, i) => r.bindings.set(cell, results[i]!));
  if (after !== undefined && counter?.cell !== undefined) r.bindings.set(counter.cell, after);
  return region;
}
