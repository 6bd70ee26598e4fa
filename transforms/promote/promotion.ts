/** One run over a graph with objects in place of references; `NotPromotable` says what to leave alone in the next one. */

import { atField, atIndex, BlockBuilder, integer, newValue, real } from '../../src/graph/build.ts';
import type { AllocNode, Block, Exit, Graph, IfNode, Key, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { exitOperands, mapOperands } from '../../src/graph/walk.ts';
import { isReference } from '../memory.ts';
import { Joiner, type End } from './join.ts';
import { promoteLoop } from './loop.ts';
import {
  mostChosenAccesses,
  mostElements,
  sameShape,
  shapeOf,
  State,
  type FreshObject,
  type KnownObject,
  type ParameterObject,
  type Shape,
} from './objects.ts';

/** Thrown to run again: with `value` left as memory, or carried field by field. */
export class NotPromotable extends Error {
  readonly value: Value;
  readonly how: 'opaque' | 'split';

  constructor(value: Value, how: 'opaque' | 'split' = 'opaque') {
    super('not promotable');
    this.value = value;
    this.how = how;
  }
}

export class Promotion {
  /** Names for values that were stored in a slot of a named object. */
  readonly names = new Map<Value, string>();
  private readonly graph: Graph;
  private readonly opaque: ReadonlySet<Value>;
  readonly split: ReadonlySet<Value>;
  private readonly entry = new BlockBuilder();
  private readonly objects = new Map<Value, KnownObject>();
  readonly replaced = new Map<Value, Value>();
  private readonly literals = new Map<Value, number>();
  readonly holes = new Set<Value>();
  private readonly parameterSlots = new Map<Value, Map<number, Value>>();
  private readonly chosenAccesses = new Map<Value, number>();
  loops: readonly LoopNode[] = [];
  /** Ends of the loop around, by `break`, in the order of the text. */
  breaks: End[] = [];

  constructor(graph: Graph, opaque: ReadonlySet<Value>, split: ReadonlySet<Value>) {
    this.graph = graph;
    this.opaque = opaque;
    this.split = split;
  }

  /** @throws NotPromotable */
  run(): Graph {
    const { graph } = this;
    for (const param of graph.params) if (!graph.procedure?.shared.has(param)) this.addParameter(param, param.name);
    const nodes: Node[] = [];
    this.nodes(graph.body.nodes, nodes, new State());
    const exit = this.usedExit(graph.body.exit);
    return { ...graph, body: { params: graph.body.params, nodes: [...this.entry.nodes, ...nodes], exit } };
  }

  // What a joiner asks.

  isOpaque(value: Value): boolean {
    return this.opaque.has(value);
  }

  objectOf(value: Value): KnownObject | undefined {
    return this.objects.get(this.resolve(value));
  }

  bind(value: Value, object: KnownObject): void {
    this.objects.set(value, object);
  }

  /** The value as something that exists at run time. */
  use(value: Value): Value {
    const resolved = this.resolve(value);
    const object = this.objects.get(resolved);
    if (object !== undefined && object.kind !== 'parameter') throw new NotPromotable(object.value);
    return resolved;
  }

  readonly resolve = (value: Value): Value => {
    const by = this.replaced.get(value);
    return by === undefined ? value : this.resolve(by);
  };

  get currentLoops(): readonly LoopNode[] {
    return this.loops;
  }

  /** The value in a slot; what has to be computed for it goes to `nodes`. */
  read(object: KnownObject, index: number, state: State, nodes: Node[] | undefined): Value {
    switch (object.kind) {
      case 'parameter':
        return this.readParameter(object, index);
      case 'fresh': {
        const value = this.resolve(state.valuesOf(object)[index]!);
        return value;
      }
      default: {
        const then = this.read(object.then, index, state, nodes);
        const otherwise = this.read(object.else, index, state, nodes);
        if (then === otherwise) return then;
        return this.choose(object, then, otherwise, nodes, slotName(object, index));
      }
    }
  }

  private choose(
    object: Extract<KnownObject, { kind: 'chosen' }>,
    then: Value,
    otherwise: Value,
    nodes: Node[] | undefined,
    name: string | undefined,
  ): Value {
    const [a, b] = [this.objectOf(then), this.objectOf(otherwise)];
    const result = newValue(then.type.kind === 'integer' ? otherwise.type : then.type, name);
    if (a && b && a.kind !== 'parameter' && b.kind !== 'parameter') {
      this.bind(result, { kind: 'chosen', value: object.value, shape: a.shape, name, condition: object.condition, then: a, else: b });
      return result;
    }
    const accesses = (this.chosenAccesses.get(object.value) ?? 0) + 1;
    this.chosenAccesses.set(object.value, accesses);
    if (nodes === undefined || accesses > mostChosenAccesses) throw new NotPromotable(object.value);
    const arm = (value: Value): Block => ({ params: [], nodes: [], exit: { kind: 'yield', values: [this.use(value)] } });
    nodes.push({ kind: 'if', condition: object.condition, then: arm(then), else: arm(otherwise), results: [result] });
    return result;
  }

  private addParameter(value: Value, name: string | undefined): void {
    const shape = this.opaque.has(value) ? undefined : shapeOf(value.type);
    if (shape) this.bind(value, { kind: 'parameter', value, shape, name });
  }

  private readParameter(object: ParameterObject, index: number): Value {
    const known = this.parameterSlots.get(object.value) ?? new Map<number, Value>();
    this.parameterSlots.set(object.value, known);
    const read = known.get(index);
    if (read) return read;
    const slot = object.shape.slots[index]!;
    const key = object.shape.isList ? atIndex(this.entry.literal(index, integer)) : atField(slot.name);
    const result = this.entry.load(object.value, key, slot.type, slotName(object, index));
    known.set(index, result);
    this.addParameter(result, result.name);
    return result;
  }

  /** Runs the nodes; what remains of them goes to `out`. */
  nodes(nodes: readonly Node[], out: Node[], state: State): void {
    for (const node of nodes) this.node(node, out, state);
  }

  private node(node: Node, out: Node[], state: State): void {
    switch (node.kind) {
      case 'literal':
        if (typeof node.value === 'number') this.literals.set(node.result, node.value);
        out.push(node);
        break;
      case 'apply':
        this.apply(node, out, state);
        break;
      case 'alloc':
        if (!this.alloc(node, out, state)) this.keep(node, out);
        break;
      case 'load': {
        const place = this.placeOf(node.memory, node.key);
        if (place === undefined) return this.keep(node, out);
        const value = this.read(place.object, place.index, state, out);
        if (this.holes.has(value)) throw new NotPromotable(place.object.value);
        this.replaced.set(node.result, value);
        if (node.result.name !== undefined) this.suggest(value, node.result.name);
        break;
      }
      case 'store': {
        const place = this.placeOf(node.memory, node.key);
        if (place === undefined) return this.keep(node, out);
        const value = place.object.shape.rounds ? round(this.use(node.value), node, out) : this.resolve(node.value);
        this.suggest(value, slotName(place.object, place.index));
        this.write(place.object, place.index, value, state, out);
        break;
      }
      case 'length': {
        const object = this.objectOf(node.memory);
        if (!object?.shape.isList) return this.keep(node, out);
        this.literals.set(node.result, object.shape.slots.length);
        out.push({ kind: 'literal', value: object.shape.slots.length, result: node.result, ...originOf(node) });
        break;
      }
      case 'if':
        this.if(node, out, state);
        break;
      case 'loop':
        promoteLoop(this, node, out, state);
        break;
      default:
        this.keep(node, out);
    }
  }

  private keep(node: Node, out: Node[]): void {
    out.push(mapOperands(node, (value) => this.use(value)));
  }

  private apply(node: Extract<Node, { kind: 'apply' }>, out: Node[], state: State): void {
    const [first, then, otherwise] = node.operands;
    if (node.op === 'unwrap' && this.objectOf(first!)) {
      this.replaced.set(node.result, this.resolve(first!));
      return;
    }
    if (node.op === 'select' && isReference(node.result.type) && !this.opaque.has(node.result)) {
      const [a, b] = [this.objectOf(then!), this.objectOf(otherwise!)];
      if (a && b && sameShape(a.shape, b.shape)) {
        const condition = this.use(first!);
        this.bind(node.result, { kind: 'chosen', value: node.result, shape: a.shape, name: node.result.name, condition, then: a, else: b });
        return;
      }
    }
    // `Math.max(...a)` of a promoted array takes its elements.
    const values = node.operands.flatMap((operand) => {
      const object = this.objectOf(operand);
      if (operand.type.kind !== 'array' || object === undefined) return [this.use(operand)];
      return object.shape.slots.map((_, i) => this.use(this.read(object, i, state, out)));
    });
    out.push({ ...node, operands: values });
  }

  private alloc(node: AllocNode, out: Node[], state: State): boolean {
    const { init, result } = node;
    if (this.opaque.has(result)) return false;
    let values: readonly Value[];
    let shape: Shape | undefined;
    switch (init.kind) {
      case 'elements':
      case 'fields':
        shape = shapeOf(result.type, init.values.length);
        values = init.values.map((value) => this.resolve(value));
        break;
      case 'zeros':
      case 'holes': {
        const length = this.literals.get(this.resolve(init.length));
        if (length === undefined || !Number.isInteger(length) || length < 0 || length > mostElements) return false;
        shape = shapeOf(result.type, length);
        const fill: Node & { kind: 'literal' } =
          init.kind === 'zeros'
            ? { kind: 'literal', value: 0, result: newValue(real), ...originOf(node) }
            : { kind: 'literal', value: undefined, unassigned: true, result: newValue(real), ...originOf(node) };
        if (init.kind === 'holes') this.holes.add(fill.result);
        if (length > 0) out.push(fill);
        values = Array.from({ length }, () => fill.result);
        break;
      }
      default: {
        const object = this.objectOf(init.of);
        if (object === undefined || init.from || init.to) return false;
        shape = shapeOf(result.type, object.shape.slots.length);
        values = object.shape.slots.map((_, i) => this.read(object, i, state, out));
      }
    }
    if (shape === undefined || shape.slots.length !== values.length) return false;
    const rounded = shape.rounds && init.kind !== 'zeros' ? values.map((value) => round(this.use(value), node, out)) : values;
    const object = this.fresh(result, shape, true);
    rounded.forEach((value, i) => this.suggest(value, slotName(object, i)));
    state.set(object, rounded);
    return true;
  }

  /** `blame`: what to leave alone in the next run, where `value` itself is of this run only. */
  fresh(value: Value, shape: Shape, mutable: boolean, blame = value): FreshObject {
    const object: FreshObject = {
      kind: 'fresh',
      value: blame,
      shape,
      name: value.name,
      mutable,
      born: this.loops,
      storedIn: new Set(),
      copiedBy: new Set(),
    };
    this.bind(value, object);
    return object;
  }

  private suggest(value: Value, name: string | undefined): void {
    if (name !== undefined && !this.names.has(value)) this.names.set(value, name);
  }

  /** Undefined for memory that stays. */
  private placeOf(memory: Value, key: Key): { readonly object: KnownObject; readonly index: number } | undefined {
    const object = this.objectOf(memory);
    if (object === undefined) return undefined;
    const { slots } = object.shape;
    const name = key.kind === 'field' ? key.name : `${this.literals.get(this.resolve(key.index)) ?? ''}`;
    const index = slots.findIndex((slot) => slot.name === name);
    if (index >= 0) return { object, index };
    if (object.kind === 'parameter') return undefined;
    throw new NotPromotable(object.value);
  }

  private write(object: KnownObject, index: number, value: Value, state: State, out: Node[]): void {
    if (object.kind === 'parameter') throw new NotPromotable(object.value);
    if (object.kind === 'chosen') {
      const [then, otherwise] = [this.read(object.then, index, state, out), this.read(object.else, index, state, out)];
      if (this.objectOf(value)) throw new NotPromotable(object.value);
      const whenThen = this.choose(object, value, then, out, slotName(object.then, index));
      const whenElse = this.choose(object, otherwise, value, out, slotName(object.else, index));
      this.write(object.then, index, whenThen, state, out);
      this.write(object.else, index, whenElse, state, out);
      return;
    }
    if (!object.mutable) throw new NotPromotable(object.value);
    for (const copy of object.copiedBy) throw new NotPromotable(copy);
    for (const loop of this.loops) if (!object.born.includes(loop)) object.storedIn.add(loop);
    state.setSlot(object, index, value);
  }

  private if(node: IfNode, out: Node[], state: State): void {
    const condition = this.use(node.condition);
    const arm = (block: Block): { readonly end: End; readonly exit: Exit } => {
      const from = block.exit.kind === 'yield' ? block.exit.values : [];
      const end: End = { nodes: [], state: state.fork(), values: [], from };
      this.nodes(block.nodes, end.nodes!, end.state);
      return { end, exit: this.armExit(block.exit, end) };
    };
    const [then, otherwise] = [arm(node.then), arm(node.else)];
    const kept: Value[] = [];
    const ends = [
      ...(node.then.exit.kind === 'yield' ? [{ end: then.end, from: node.then.exit }] : []),
      ...(node.else.exit.kind === 'yield' ? [{ end: otherwise.end, from: node.else.exit }] : []),
    ];
    const joiner = new Joiner(this, ends.map(({ end }) => end), state, kept, condition);
    node.results.forEach((result, i) => joiner.join(ends.map(({ from }) => from.values[i]!), result));
    joiner.joinSlots();
    const block = ({ end, exit }: { readonly end: End; readonly exit: Exit }): Block => ({ params: [], nodes: end.nodes!, exit });
    out.push({ ...node, condition, then: block(then), else: block(otherwise), results: kept });
  }

  /** The values of a `yield` and a `break` are filled in when their ends are joined. */
  armExit(exit: Exit, end: End): Exit {
    if (exit.kind === 'yield') return { kind: 'yield', values: end.values };
    if (exit.kind === 'break') {
      this.breaks.push({ ...end, from: exit.values });
      return { kind: 'break', values: end.values };
    }
    return this.usedExit(exit);
  }

  private usedExit(exit: Exit): Exit {
    const values = exitOperands(exit).map((value) => this.use(value));
    return exit.kind === 'throw' ? { ...exit, error: values[0]! } : { ...exit, values };
  }

  /** From here on the object must not change: `by` has a copy of its slots. */
  markCopied(object: KnownObject, by: Value): void {
    if (object.kind === 'chosen') {
      this.markCopied(object.then, by);
      this.markCopied(object.else, by);
    }
    if (object.kind !== 'fresh') return;
    if (this.loops.some((loop) => object.storedIn.has(loop))) throw new NotPromotable(by);
    object.copiedBy.add(by);
  }
}

export function slotName(object: KnownObject, index: number): string | undefined {
  return object.name === undefined ? undefined : `${object.name}_${object.shape.slots[index]!.name}`;
}

function originOf(node: Node): Pick<Node, 'origin'> {
  return node.origin === undefined ? {} : { origin: node.origin };
}

/** What a `Float32Array` keeps of a number. */
function round(value: Value, node: Node, out: Node[]): Value {
  const result = newValue(real);
  out.push({ kind: 'apply', op: 'fround', operands: [value], result, ...originOf(node) });
  return result;
}
