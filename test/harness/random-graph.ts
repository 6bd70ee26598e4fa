/** Makes random graphs of numbers, arrays, branches, loops and exits. */

import { atIndex, BlockBuilder, integer, newLoopId, newValue, real, workspaceType } from '../../src/graph/build.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { Block, Graph, Value } from '../../src/graph/types.ts';

export function random(seed: number): () => number {
  let state = seed * 2654435761 + 12345;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What can be used at a place: numbers, arrays of `size`, counters that index them. */
interface Scope {
  readonly numbers: readonly Value[];
  readonly arrays: readonly Value[];
  readonly indices: readonly Value[];
}

export const size = 4;

export class Generator {
  private readonly next: () => number;
  private readonly parameters: readonly Value[];
  private budget: number;

  constructor(seed: number, parameters: readonly Value[], budget: number) {
    this.next = random(seed);
    this.parameters = parameters;
    this.budget = budget;
  }

  graph(): Graph {
    const [x, y, n, a] = this.parameters as [Value, Value, Value, Value];
    const b = new BlockBuilder();
    const zero = b.literal(0);
    const local = b.alloc(workspaceType, { kind: 'copy', of: a }, 'local');
    const plain = b.alloc(workspaceType, { kind: 'zeros', length: b.literal(size) }, 'plain');
    const scope = this.statements(b, { numbers: [x, y, n], arrays: [a, local, plain], indices: [zero] }, 3, undefined);
    const sum = scope.numbers.reduce((total, value) => b.apply('add', [total, b.apply('sin', [value])]));
    const result = scope.arrays.reduce(
      (total, array) => b.apply('add', [total, b.load(array, atIndex(b.literal(this.int(size))), real)]),
      sum,
    );
    return { name: 'random', params: this.parameters, body: b.block({ kind: 'return', values: [result] }) };
  }

  private int(below: number): number {
    return Math.floor(this.next() * below);
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }

  private number(b: BlockBuilder, scope: Scope): Value {
    if (this.next() < 0.3) return b.load(this.pick(scope.arrays), atIndex(this.index(b, scope)), real);
    if (this.next() < 0.1) return b.literal(this.next() * 2 - 1, real);
    return scope.numbers[Math.max(this.int(scope.numbers.length), this.int(scope.numbers.length))]!;
  }

  private index(b: BlockBuilder, scope: Scope): Value {
    return this.next() < 0.5 ? this.pick(scope.indices) : b.literal(this.int(size));
  }

  private expression(b: BlockBuilder, scope: Scope): Value {
    const [u, v] = [this.number(b, scope), this.number(b, scope)];
    const name = this.next() < 0.6 ? this.pick(['p', 'q', 'r', 's', 't']) : undefined;
    switch (this.int(7)) {
      case 0:
        return b.apply('add', [u, v], { name });
      case 1:
        return b.apply('sub', [u, v], { name });
      case 2:
        return b.apply('mul', [b.apply('sin', [u]), v], { name });
      case 3:
        return b.apply('tanh', [b.apply('mul', [u, v])], { name });
      case 4:
        return b.apply('exp', [b.apply('sin', [u])], { name });
      case 5:
        return b.apply('div', [u, b.apply('add', [b.literal(2), b.apply('cos', [v])])], { name });
      default:
        return b.apply('cos', [b.apply('mul', [u, u])], { name });
    }
  }

  private condition(b: BlockBuilder, scope: Scope): Value {
    return b.apply('gt', [b.apply('sin', [this.number(b, scope)]), b.literal(this.next() - 0.4, real)]);
  }

  /** `leave`: breaks out of the nearest loop with these many numbers. */
  private statements(b: BlockBuilder, scope: Scope, depth: number, leave: number | undefined): Scope {
    let current = scope;
    const count = 2 + this.int(4);
    for (let k = 0; k < count && this.budget > 0; k++) {
      this.budget -= 1;
      current = this.statement(b, current, depth, leave);
    }
    return current;
  }

  private statement(b: BlockBuilder, scope: Scope, depth: number, leave: number | undefined): Scope {
    const add = (...values: Value[]): Scope => ({ ...scope, numbers: [...scope.numbers, ...values] });
    const kind = this.int(depth > 0 ? 9 : 4);
    switch (kind) {
      case 0:
      case 1:
        return add(this.expression(b, scope));
      case 2:
      case 3:
        if (scope.arrays.length < 2) return add(this.expression(b, scope));
        b.store(this.pick(scope.arrays.slice(1)), atIndex(this.index(b, scope)), this.expression(b, scope));
        return scope;
      case 4:
        return this.branch(b, scope, depth, leave);
      case 5:
        return this.choice(b, scope);
      case 6:
        return leave === undefined ? this.branch(b, scope, depth, leave) : this.exit(b, scope, leave);
      case 7:
        return this.next() < 0.3 ? this.labelled(b, scope, depth) : this.loop(b, scope, depth);
      default:
        return this.loop(b, scope, depth);
    }
  }

  private some(b: BlockBuilder, scope: Scope, count: number): Value[] {
    return Array.from({ length: count }, () => this.number(b, scope));
  }

  private branch(b: BlockBuilder, scope: Scope, depth: number, leave: number | undefined): Scope {
    const c = this.condition(b, scope);
    const count = 1 + this.int(2);
    const arm = (): Block => {
      const inner = new BlockBuilder();
      const after = this.statements(inner, scope, depth - 1, leave);
      return inner.block({ kind: 'yield', values: this.some(inner, after, count) });
    };
    const results = Array.from({ length: count }, () => newValue(real, this.next() < 0.5 ? 'm' : undefined));
    b.if(c, arm(), arm(), results);
    return { ...scope, numbers: [...scope.numbers, ...results] };
  }

  /** A reference chosen by a branch: its shadow travels. */
  private choice(b: BlockBuilder, scope: Scope): Scope {
    const [first, second] = [this.pick(scope.arrays.slice(1)), this.pick(scope.arrays.slice(1))];
    const chosen = newValue(workspaceType, 'chosen');
    const arm = (array: Value): Block => new BlockBuilder().block({ kind: 'yield', values: [array] });
    b.if(this.condition(b, scope), arm(first), arm(second), [chosen]);
    b.store(chosen, atIndex(this.index(b, scope)), this.expression(b, scope));
    return { ...scope, arrays: [...scope.arrays, chosen] };
  }

  private exit(b: BlockBuilder, scope: Scope, leave: number): Scope {
    const c = this.condition(b, scope);
    const inner = new BlockBuilder();
    const after = this.statements(inner, scope, 0, undefined);
    const leaving = inner.block({ kind: 'break', values: this.some(inner, after, leave) });
    const stay = new BlockBuilder();
    const result = newValue(real, 'e');
    const yields: Block = stay.block({ kind: 'yield', values: [this.expression(stay, scope)] });
    if (this.next() < 0.5) b.if(c, leaving, yields, [result]);
    else b.if(c, yields, leaving, [result]);
    return { ...scope, numbers: [...scope.numbers, result] };
  }

  private labelled(b: BlockBuilder, scope: Scope, depth: number): Scope {
    const count = 1 + this.int(2);
    const inner = new BlockBuilder();
    const after = this.statements(inner, scope, depth - 1, count);
    const body = inner.block({ kind: 'break', values: this.some(inner, after, count) });
    const results = Array.from({ length: count }, () => newValue(real, 'l'));
    b.loop({ id: newLoopId(), initial: [], body, done: [], results });
    return { ...scope, numbers: [...scope.numbers, ...results] };
  }

  private loop(b: BlockBuilder, scope: Scope, depth: number): Scope {
    const count = 1 + this.int(2);
    const initial = this.some(b, scope, count);
    const params = initial.map(() => newValue(real, this.next() < 0.7 ? 'c' : undefined));
    const counted = this.next() < 0.6;
    const counter = newValue(integer, 'i');
    const inner = new BlockBuilder();
    const within: Scope = {
      numbers: [...scope.numbers, ...params],
      arrays: scope.arrays,
      indices: [...scope.indices, counter],
    };
    if (!counted) {
      // `while (i < k && …)`: ends by break alone, with a counter that is still an index.
      const bound = inner.apply('lt', [counter, inner.literal(this.int(size))]);
      const out = new BlockBuilder();
      const handsOut = this.next() < 0.6 ? params : this.some(out, within, count);
      inner.if(bound, new BlockBuilder().block({ kind: 'yield', values: [] }), out.block({ kind: 'break', values: handsOut }), []);
    }
    const after = this.statements(inner, within, depth - 1, this.next() < 0.5 ? count : undefined);
    const next = params.map((param) =>
      this.next() < 0.4
        ? inner.apply('add', [param, inner.apply('sin', [this.number(inner, after)])])
        : inner.apply('tanh', [inner.apply('add', [inner.apply('mul', [param, inner.literal(0.7)]), this.number(inner, after)])]),
    );
    const rotated = this.next() < 0.2 ? next.toReversed() : next;
    const results = params.map(() => newValue(real, 'c'));
    const upwards = counted && this.next() < 0.7;
    const trips = this.int(size + 1);
    const outside = this.next() < 0.2 && counted;
    b.loop({
      id: newLoopId(),
      counter: {
        variable: counter,
        from: b.literal(counted && !upwards ? trips - 1 : 0),
        ...(counted ? { to: b.literal(upwards ? trips : 0) } : {}),
        test: counted && !upwards ? '>=' : '<',
        step: counted && !upwards ? -1 : 1,
      },
      initial,
      body: inner.block({ kind: 'yield', values: rotated }, params),
      done: counted ? params.map((param, i) => (outside && i === 0 ? scope.numbers[0]! : param)) : [],
      results,
    });
    return { ...scope, numbers: [...scope.numbers, ...results] };
  }
}

export const parameters = [newValue(real, 'x'), newValue(real, 'y'), newValue(real, 'n'), newValue(workspaceType, 'a')];

export function asParameter(value: Value): Parameter {
  return { name: value.name!, text: { text: 'number', imports: [] }, type: value.type, optional: false, rest: false, value };
}
