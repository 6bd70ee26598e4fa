/** Runs a graph whose storage is placed, node by node: an independent check of what is printed. */

import type { Block, Graph, Key, LoopNode, Node, Value } from '../../src/graph/types.ts';
import type { Primitive } from '../../src/graph/primitives.ts';

type Datum = unknown;

const operations: Partial<Record<Primitive, (...operands: never[]) => Datum>> = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  rem: (a: number, b: number) => a % b,
  pow: (a: number, b: number) => a ** b,
  neg: (a: number) => -a,
  lt: (a: number, b: number) => a < b,
  le: (a: number, b: number) => a <= b,
  gt: (a: number, b: number) => a > b,
  ge: (a: number, b: number) => a >= b,
  eq: (a: Datum, b: Datum) => a === b,
  ne: (a: Datum, b: Datum) => a !== b,
  not: (a: boolean) => !a,
  and: (a: boolean, b: boolean) => a && b,
  or: (a: boolean, b: boolean) => a || b,
  isNaN: (a: number) => Number.isNaN(a),
  bitAnd: (a: number, b: number) => a & b,
  bitOr: (a: number, b: number) => a | b,
  bitXor: (a: number, b: number) => a ^ b,
  bitNot: (a: number) => ~a,
  shiftLeft: (a: number, b: number) => a << b,
  shiftRight: (a: number, b: number) => a >> b,
  shiftRightUnsigned: (a: number, b: number) => a >>> b,
  select: (c: boolean, a: Datum, b: Datum) => (c ? a : b),
  guard: (d: number, x: number) => d && x,
  present: (a: Datum) => a !== undefined && a !== null,
  unwrap: (a: Datum) => a,
  stop: (a: Datum) => a,
};

class Break {
  readonly values: readonly Datum[];
  constructor(values: readonly Datum[]) {
    this.values = values;
  }
}

export class Interpreter {
  private readonly values = new Map<Value, Datum>();
  private workspace = new Float64Array(0);

  /** The returned values. `out` is never given: gradients are fresh. */
  run(graph: Graph, args: readonly Datum[]): readonly Datum[] {
    graph.params.forEach((param, i) => this.values.set(param, args[i]));
    this.nodes(graph.body);
    if (graph.body.exit.kind !== 'return') throw new Error('no return');
    return graph.body.exit.values.map((value) => this.get(value));
  }

  private get(value: Value): Datum {
    if (!this.values.has(value)) throw new Error(`undefined value ${value.name ?? '?'}#${value.id}`);
    return this.values.get(value);
  }

  private number(value: Value): number {
    return this.get(value) as number;
  }

  private key(key: Key): string | number {
    return key.kind === 'index' ? this.number(key.index) : key.name;
  }

  private memory(value: Value): Record<string | number, Datum> & { length: number } {
    if (value.name === 'ws' && value.type.kind === 'array') return this.workspace as never;
    return this.get(value) as never;
  }

  private nodes(block: Block): void {
    for (const node of block.nodes) this.node(node);
  }

  /** Runs an arm; its yielded values, or a break on its way out. */
  private block(block: Block): readonly Datum[] {
    this.nodes(block);
    if (block.exit.kind === 'throw') throw new Error('thrown by the graph');
    const values = block.exit.values.map((value) => this.get(value));
    if (block.exit.kind === 'break') throw new Break(values);
    return values;
  }

  private node(node: Node): void {
    switch (node.kind) {
      case 'literal':
        this.values.set(node.result, node.unassigned ? Number.NaN : node.value);
        break;
      case 'apply':
        this.values.set(node.result, this.apply(node.op, node.operands));
        break;
      case 'if': {
        const values = this.block(this.get(node.condition) ? node.then : node.else);
        node.results.forEach((result, i) => this.values.set(result, values[i]));
        break;
      }
      case 'loop':
        this.loop(node);
        break;
      case 'alloc':
        this.values.set(node.result, this.alloc(node));
        break;
      case 'load':
        this.values.set(node.result, this.memory(node.memory)[this.key(node.key)]);
        break;
      case 'store':
        this.memory(node.memory)[this.key(node.key)] = this.get(node.value);
        break;
      case 'accumulate': {
        const memory = this.memory(node.memory) as unknown as Record<string | number, number>;
        memory[this.key(node.key)]! += this.number(node.value);
        break;
      }
      case 'resize': {
        const memory = this.get(node.memory) as Datum[];
        if (node.how === 'push') memory.push(this.get(node.value!));
        else {
          const last = memory.pop();
          if (node.result) this.values.set(node.result, last);
        }
        break;
      }
      case 'length':
        this.values.set(node.result, this.memory(node.memory).length);
        break;
      case 'view':
        this.values.set(
          node.result,
          (this.get(node.memory) as Float64Array).subarray(this.number(node.from), node.to && this.number(node.to)),
        );
        break;
      case 'shadow':
        this.values.set(node.result, zerosLike(this.get(node.of)));
        break;
      case 'workspace': {
        const size = this.number(node.size);
        if (this.workspace.length < size) {
          const larger = new Float64Array(2 * size + 8).fill(Number.NaN);
          larger.set(this.workspace);
          this.workspace = larger;
        }
        break;
      }
      default:
        throw new Error(`cannot run ${node.kind}`);
    }
  }

  private apply(op: Primitive, operands: readonly Value[]): Datum {
    const values = operands.flatMap((operand) => {
      const value = this.get(operand);
      return operand.type.kind === 'array' ? [...(value as Iterable<Datum>)] : [value];
    });
    const operation = operations[op] as ((...operands: Datum[]) => Datum) | undefined;
    if (operation) return operation(...values);
    return (Math as unknown as Record<string, (...operands: Datum[]) => number>)[op]!(...values);
  }

  private alloc(node: Extract<Node, { kind: 'alloc' }>): Datum {
    const { type } = node.result;
    const { init } = node;
    const typed = type.kind === 'array' && type.container !== 'Array';
    switch (init.kind) {
      case 'zeros':
        return typed ? new Float64Array(this.number(init.length)) : new Array(this.number(init.length)).fill(0);
      case 'holes':
        return new Array(this.number(init.length));
      case 'elements': {
        const values = init.values.map((value) => this.get(value));
        return typed ? Float64Array.from(values as number[]) : values;
      }
      case 'fields':
        if (type.kind !== 'record') throw new Error('fields of no record');
        return Object.fromEntries(type.fields.map((field, i) => [field.name, this.get(init.values[i]!)]));
      default: {
        const source = this.get(init.of) as Float64Array;
        return source.slice(init.from && this.number(init.from), init.to && this.number(init.to));
      }
    }
  }

  private loop(node: LoopNode): void {
    const { counter, body } = node;
    let carried = node.initial.map((value) => this.get(value));
    let i = counter ? this.number(counter.from) : 0;
    const to = counter?.to && this.number(counter.to);
    const goesOn = (): boolean => {
      if (counter === undefined || to === undefined) return true;
      const tests = { '<': i < to, '<=': i <= to, '>': i > to, '>=': i >= to };
      return tests[counter.test];
    };
    const finish = (values: readonly Datum[]): void => {
      node.results.forEach((result, k) => this.values.set(result, values[k]));
      if (counter?.after) this.values.set(counter.after, i);
    };
    for (; goesOn(); i += counter?.step ?? 0) {
      if (counter) this.values.set(counter.variable, i);
      body.params.forEach((param, k) => this.values.set(param, carried[k]));
      try {
        carried = [...this.block(body)];
      } catch (error) {
        if (!(error instanceof Break)) throw error;
        finish(error.values);
        return;
      }
    }
    body.params.forEach((param, k) => this.values.set(param, carried[k]));
    finish(node.done.map((value) => this.get(value)));
  }
}

function zerosLike(value: Datum): Datum {
  if (ArrayBuffer.isView(value)) return new Float64Array((value as Float64Array).length);
  if (Array.isArray(value)) return value.map(zerosLike);
  if (typeof value === 'number') return 0;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, zerosLike(part)]));
  }
  return value;
}
