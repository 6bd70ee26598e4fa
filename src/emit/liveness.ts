/**
 * Which values must not share a variable: one is written while the other is still to be read.
 *
 * Walks the graph backwards with the set of values that are still to be read. A folded value is read where it is printed,
 * through the values that it names. A copy does not make its two ends interfere, so that chains of copies can become one
 * variable (Chaitin 1982, §3.1).
 */

import type { Block, Exit, IfNode, LoopNode, Node, Value } from '../graph/types.ts';
import { exitOperands, operands, ownedValues, results, visit } from '../graph/walk.ts';
import type { Demand } from './demand.ts';
import type { Folding } from './folding.ts';

type Live = Set<Value>;

export class Interference {
  private readonly neighbours = new Map<Value, Set<Value>>();
  private readonly sharers: Sharers;

  constructor(sharers: Sharers) {
    this.sharers = sharers;
  }

  add(value: Value, live: ReadonlySet<Value>, except?: Value): void {
    const { withAny, namesakes } = this.sharers;
    const own = value.name === undefined ? undefined : namesakes.get(value.name);
    if (withAny.has(value)) for (const other of live) if (withAny.has(other)) this.note(value, other, except);
    if (own?.has(value)) for (const other of own) if (live.has(other)) this.note(value, other, except);
  }

  private note(value: Value, other: Value, except?: Value): void {
    if (other === value || other === except) return;
    this.of(value).add(other);
    this.of(other).add(value);
  }

  of(value: Value): Set<Value> {
    let known = this.neighbours.get(value);
    if (!known) {
      known = new Set();
      this.neighbours.set(value, known);
    }
    return known;
  }
}

/** Values that may have a variable in common with others; nobody asks for the rest. */
export interface Sharers {
  /** What branches and loops hand on, and its namesakes. */
  readonly withAny: ReadonlySet<Value>;
  /** Of one source variable, by its name, where none of them is handed on: they share with each other alone. */
  readonly namesakes: ReadonlyMap<string, ReadonlySet<Value>>;
}

/** Where results of `if`s and loops get their value before the node: `let d_x = 0;` in front, and nothing in that arm. */
export type Early = ReadonlyMap<Value, Value>;

interface Exits {
  /** What is live where the block yields, its own operands included. */
  readonly yields: (exit: Exit, block: Block) => Live;
  /** What is live where the nearest loop is left. */
  readonly breaks: (exit: Exit) => Live;
}

export function findInterference(demand: Demand, folding: Folding, early: Early, body: Block, sharers: Sharers): Interference {
  const found = new Interference(sharers);
  const outer = new Map<LoopNode, Live>();

  const read = (live: Live, values: Iterable<Value>): void => {
    for (const value of values) for (const leaf of folding.leaves(value)) if (!folding.isInlined(leaf)) live.add(leaf);
  };

  const walk = (block: Block, exits: Exits): Live => {
    const live = liveAtExit(block, exits);
    for (const node of block.nodes.toReversed()) {
      if (!demand.isLive(node)) continue;
      if (node.kind === 'if' && !folding.isExpression(node)) walkIf(node, live, exits.breaks);
      else if (node.kind === 'loop') walkLoop(node, live);
      else walkNode(node, live);
    }
    return live;
  };

  const liveAtExit = (block: Block, exits: Exits): Live => {
    const { exit } = block;
    if (exit.kind === 'yield') return exits.yields(exit, block);
    if (exit.kind === 'break') return exits.breaks(exit);
    const live: Live = new Set();
    read(live, exitOperands(exit));
    return live;
  };

  const walkNode = (node: Node, live: Live): void => {
    const defined = results(node).filter((value) => demand.isNeeded(value));
    if (defined.length > 0 && defined.every((value) => folding.isInlined(value)) && node.kind !== 'call') return;
    for (const value of defined) found.add(value, live);
    for (const value of defined) live.delete(value);
    if (node.kind === 'if') read(live, choiceOperands(node));
    else read(live, operands(node));
    if (node.kind === 'workspace' && node.grows) live.add(node.result);
  };

  const walkIf = (node: IfNode, live: Live, breaks: Exits['breaks']): void => {
    const needed = node.results.filter((value) => demand.isNeeded(value));
    for (const value of needed) found.add(value, live);
    const after = new Set(live);
    for (const value of needed) after.delete(value);
    live.clear();
    for (const arm of [node.then, node.else]) {
      const yields = (exit: Exit): Live => {
        const atEnd = new Set(after);
        node.results.forEach((result, i) => {
          if (!demand.isNeeded(result)) return;
          const value = exitOperands(exit)[i]!;
          if (early.get(result) === value) atEnd.add(result);
          else read(atEnd, [value]);
        });
        return atEnd;
      };
      for (const value of walk(arm, { yields, breaks })) live.add(value);
    }
    read(live, [node.condition]);
    writeEarly(needed, live);
  };

  /** The early writes in front of the node, last to first. */
  const writeEarly = (targets: readonly Value[], live: Live): void => {
    for (const value of targets) if (early.has(value)) live.add(value);
    for (const value of targets.toReversed()) {
      const source = early.get(value);
      if (source === undefined) continue;
      found.add(value, live, source);
      live.delete(value);
      read(live, [source]);
    }
  };

  const walkLoop = (node: LoopNode, live: Live): void => {
    const { counter } = node;
    const needed = results(node).filter((value) => demand.isNeeded(value));
    for (const value of needed) found.add(value, live);
    const after = new Set(live);
    for (const value of needed) after.delete(value);
    const params = node.body.params.filter((value) => demand.isNeeded(value));
    const throughout = new Set([...after, ...outerReads(node)]);
    if (counter) throughout.add(counter.variable);
    for (const value of needed) if (early.has(value)) throughout.add(value);

    const yields = (exit: Exit): Live => {
      const atEnd = new Set(throughout);
      params.forEach((param) => read(atEnd, [exitOperands(exit)[node.body.params.indexOf(param)]!]));
      return atEnd;
    };
    const breaks = (exit: Exit): Live => {
      const atBreak = new Set(after);
      node.results.forEach((result, i) => {
        if (demand.isNeeded(result)) read(atBreak, [exitOperands(exit)[i]!]);
      });
      if (counter?.after && demand.isNeeded(counter.after)) atBreak.add(counter.variable);
      return atBreak;
    };
    const top = walk(node.body, { yields, breaks });
    for (const value of throughout) top.add(value);
    node.results.forEach((result, i) => {
      if (demand.isNeeded(result) && node.done[i] && early.get(result) !== node.done[i]) read(top, [node.done[i]]);
    });
    const owned = counter ? [counter.variable, ...params] : params;
    for (const value of owned) found.add(value, top);

    live.clear();
    for (const value of top) live.add(value);
    for (const value of owned) live.delete(value);
    const before = new Set<Value>();
    if (counter) read(before, [counter.from]);
    params.forEach((param) => {
      found.add(param, before, node.initial[node.body.params.indexOf(param)]!);
    });
    for (const value of before) live.add(value);
    params.forEach((param) => read(live, [node.initial[node.body.params.indexOf(param)]!]));
    writeEarly(needed, live);
  };

  /** What the loop reads from outside: it must outlive every iteration. */
  const outerReads = (node: LoopNode): Live => {
    const known = outer.get(node);
    if (known) return known;
    const defined = new Set<Value>(ownedValues(node));
    visit(node.body, (inner) => {
      for (const value of [...results(inner), ...ownedValues(inner)]) defined.add(value);
    });
    const seen: Live = new Set();
    if (node.counter?.to) read(seen, [node.counter.to]);
    read(seen, node.done.filter((_value, i) => demand.isNeeded(node.results[i]!)));
    const scan = (block: Block): void => {
      read(seen, exitOperands(block.exit));
      for (const inner of block.nodes) {
        if (!demand.isLive(inner)) continue;
        read(seen, operands(inner));
        if (inner.kind === 'workspace') read(seen, [inner.result]);
        if (inner.kind === 'loop') {
          read(seen, inner.done);
          scan(inner.body);
        } else if (inner.kind === 'if') {
          scan(inner.then);
          scan(inner.else);
        }
      }
    };
    scan(node.body);
    const outerOnly = new Set([...seen].filter((value) => !defined.has(value)));
    outer.set(node, outerOnly);
    return outerOnly;
  };

  const noExit = (): Live => {
    throw new Error('an exit without an owner');
  };
  walk(body, { yields: noExit, breaks: noExit });
  return found;
}

function choiceOperands(node: IfNode): readonly Value[] {
  return [node.condition, ...[node.then, node.else].flatMap((arm) => exitOperands(arm.exit))];
}
