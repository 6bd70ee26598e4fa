/** `@jacobian`: the dense Jacobian, a column for each direction in forward mode or a row for each number of the result in reverse. */

import { atIndex, BlockBuilder, integer, newLoopId, newValue, real, yields } from '../../src/graph/build.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { AllocNode, ArrayType, Graph, Node, Type, Value } from '../../src/graph/types.ts';
import { blocks, exitOperands, operands } from '../../src/graph/walk.ts';
import { elementLoop } from '../element-loop.ts';
import { holdsReals, isReference, shadowType } from '../memory.ts';
import type { Program } from '../procedures/program.ts';
import { directionsFor, forEachUnit, matrix, matrixType, runIn, withOwnGradients, withoutAbsence, type Directional } from './directions.ts';
import { countNumbers, forEachNumber, numberAt, product, sum } from './numbers.ts';

export interface JacobianInput {
  /** The function itself; its parameters are those of the derivatives. */
  readonly primal: Graph;
  readonly differentiated: readonly Parameter[];
  /** The result's declared type. */
  readonly result: Type;
}

interface Shape {
  readonly builder: BlockBuilder;
  readonly value: Value;
  /** By parameter. */
  readonly columns: readonly Value[];
  readonly jacobians: readonly Value[];
}

/** `directional`: value and tangent of the value along one parameter. Storage is placed in all graphs. */
export function jacobianForward(input: JacobianInput, directional: (parameter: Parameter) => Directional): Graph {
  const shape = begin(input);
  const { builder, columns, jacobians } = shape;
  input.differentiated.forEach((parameter, i) => {
    const { graph, along, directions, diagonal } = directional(parameter);
    if (diagonal) {
      allColumns(shape, input, i, graph);
      return;
    }
    if (directions > 1) {
      columnsTogether(shape, input, i, graph, directions);
      return;
    }
    const zeros = directionsFor(builder, along, parameter);
    forEachUnit(builder, parameter.value, builder.literal(0), `t_${parameter.name}`, (inner, direction, column) => {
      const [, tangent] = runIn(inner, graph, zeros(graph, direction));
      writeNumbers(inner, tangent!, input.result, inner.literal(0), (write, number, row) => {
        write.store(jacobians[i]!, atIndex(sum(write, product(write, row, columns[i]!), column)), number);
      });
    });
  });
  return end(input, shape);
}

/** Each number of the result depends on that of the argument at its place: one direction of ones gives the diagonal, and there is no more. */
function allColumns({ builder, columns, jacobians }: Shape, { differentiated, result }: JacobianInput, i: number, graph: Graph): void {
  const { name, value } = differentiated[i]!;
  const count = columns[i]!;
  const direction = builder.alloc(shadowType(value.type) as ArrayType, { kind: 'zeros', length: count }, `t_${name}`);
  elementLoop(builder, count, (inner, index) => {
    inner.store(direction, atIndex(index), inner.literal(1, real));
  });
  const [, tangent] = runIn(builder, graph, new Map([[graph.params.at(-1)!, direction]]));
  writeNumbers(builder, tangent!, result, builder.literal(0), (write, number, place) => {
    const then = new BlockBuilder(builder.origin);
    then.store(jacobians[i]!, atIndex(sum(then, product(then, place, count), place)), number);
    write.if(write.apply('lt', [place, count]), then.block(yields([])), new BlockBuilder(builder.origin).block(yields([])), []);
  });
}

/** A typed array: what is written behind the end of a direction is ignored. */
export function canGoTogether({ type }: Parameter): boolean {
  return type.kind === 'array' && (type.container === 'Float64Array' || type.container === 'Float32Array');
}

/** Several columns for each run of the function; behind the last one, what a run gives is left. */
function columnsTogether({ builder, columns, jacobians }: Shape, { differentiated, result }: JacobianInput, i: number, graph: Graph, together: number): void {
  const { name } = differentiated[i]!;
  const count = columns[i]!;
  const directions = Array.from({ length: together }, () => builder.alloc(matrixType, { kind: 'zeros', length: count }, `t_${name}`));
  const body = new BlockBuilder(builder.origin);
  const first = newValue(integer, 'column');
  const places = directions.map((_direction, lane) => sum(body, first, body.literal(lane)));
  directions.forEach((direction, lane) => body.store(direction, atIndex(places[lane]!), body.literal(1, real)));
  const params = graph.params.slice(graph.params.length - together);
  const [, ...tangents] = runIn(body, graph, new Map(params.map((param, lane) => [param, directions[lane]!])));
  tangents.forEach((tangent, lane) => {
    const then = new BlockBuilder(builder.origin);
    writeNumbers(then, tangent, result, then.literal(0), (write, number, row) => {
      write.store(jacobians[i]!, atIndex(sum(write, product(write, row, count), places[lane]!)), number);
    });
    body.if(body.apply('lt', [places[lane]!, count]), then.block(yields([])), new BlockBuilder(builder.origin).block(yields([])), []);
  });
  directions.forEach((direction, lane) => body.store(direction, atIndex(places[lane]!), body.literal(0, real)));
  builder.loop({
    id: newLoopId(),
    counter: { variable: first, from: builder.literal(0), to: count, test: '<', step: together },
    initial: [],
    body: body.block(yields([])),
    done: [],
    results: [],
  });
}

/** `pullback`: value and gradients for a cotangent of the value, its last parameter. */
export function jacobianReverse(input: JacobianInput, pullback: Graph): Graph {
  const shape = begin(input);
  const { builder, columns, jacobians } = shape;
  const { differentiated, primal } = input;
  forEachUnit(builder, shape.value, builder.literal(0), 'd_value', (inner, cotangent, row) => {
    const starts = columns.map((count) => product(inner, row, count));
    const graph = withOwnGradients(pullback, ({ gradientOf, result, ...node }) => {
      const i = differentiated.findIndex(({ name }) => gradientOf?.length === 1 && name === gradientOf[0]);
      if (i < 0 || !isFlat(differentiated[i]!.type)) return undefined;
      return { kind: 'view', memory: jacobians[i]!, from: starts[i]!, to: sum(inner, starts[i]!, columns[i]!), result, ...(node.origin ? { origin: node.origin } : {}) };
    });
    const [, ...gradients] = runIn(inner, graph, new Map([[pullback.params[primal.params.length]!, cotangent]]));
    differentiated.forEach(({ type, value }, i) => {
      if (isFlat(type)) return;
      writeNumbers(inner, gradients[i]!, withoutAbsence(type), starts[i]!, (write, number, place) => write.store(jacobians[i]!, atIndex(place), number), value);
    });
  });
  return end(input, shape);
}

function begin({ primal, differentiated, result }: JacobianInput): Shape {
  const builder = new BlockBuilder(primal.origin);
  const [value] = runIn(builder, primal, new Map());
  const rows = countNumbers(builder, value!, result);
  const columns = differentiated.map((parameter) => countNumbers(builder, parameter.value, withoutAbsence(parameter.type)));
  const sizes = columns.map((count) => product(builder, rows, count));
  const jacobians = differentiated.map(({ name }, i) => matrix(builder, `J_${name}`, sizes[i]!, `the Jacobian by ${name}`));
  return { builder, value: value!, columns, jacobians };
}

function end({ primal }: JacobianInput, { builder, value, jacobians }: Shape): Graph {
  return { ...primal, name: `jacobian_${primal.name}`, body: builder.block({ kind: 'return', values: [value, ...jacobians] }) };
}

/** An array of numbers: its gradient can be a row of the matrix itself. */
export function isFlat(type: Type): boolean {
  return type.kind === 'array' && !isReference(type.element);
}

/** Visits the numbers of a tangent or gradient of this type, be it a number itself. `like`: what it is the gradient of, where its arrays may be longer. */
export function writeNumbers(builder: BlockBuilder, of: Value, type: Type, start: Value, write: (inner: BlockBuilder, number: Value, position: Value) => void, like?: Value): Value {
  if (!isReference(type)) {
    write(builder, of, start);
    return sum(builder, start, builder.literal(1));
  }
  const parts = partsMadeLast(builder, of, type);
  if (parts === undefined) return forEachNumber(builder, of, type, start, (inner, place, position) => write(inner, numberAt(inner, place), position), like && present(builder, like));
  return parts.reduce((position, part) => (holdsReals(part.type) ? writeNumbers(builder, part.value, part.type, position, write) : position), start);
}

/** Whoever has a gradient has what it is the gradient of. */
function present(builder: BlockBuilder, value: Value): Value {
  return value.type.kind === 'optional' ? builder.apply('unwrap', [value], { type: value.type.of }) : value;
}

/** What an object was made of, where it was made to be returned: nothing has changed it since. */
function partsMadeLast(builder: BlockBuilder, of: Value, type: Type): readonly { readonly value: Value; readonly type: Type }[] | undefined {
  const made = builder.nodes.find((node): node is AllocNode => node.kind === 'alloc' && node.result === of);
  if (made === undefined || builder.nodes.some((node) => mentions(node, of))) return undefined;
  const { init } = made;
  if (type.kind === 'tuple' && init.kind === 'elements') return init.values.map((value, i) => ({ value, type: type.elements[i]! }));
  if (type.kind !== 'record' || init.kind !== 'fields' || made.result.type.kind !== 'record') return undefined;
  return made.result.type.fields.map(({ name }, i) => ({ value: init.values[i]!, type: type.fields.find((field) => field.name === name)!.type }));
}

function mentions(node: Node, value: Value): boolean {
  if (operands(node).includes(value)) return true;
  return blocks(node).some((block) => exitOperands(block.exit).includes(value) || block.nodes.some((inner) => mentions(inner, value)));
}

/** Numbers that are there whatever the arguments are; undefined where arrays are among them. */
export function knownCount(type: Type): number | undefined {
  if (!holdsReals(type)) return 0;
  switch (type.kind) {
    case 'record':
      return total(type.fields.map((field) => knownCount(field.type)));
    case 'tuple':
      return total(type.elements.map(knownCount));
    case 'optional':
      return knownCount(type.of);
    default:
      return isReference(type) ? undefined : 1;
  }
}

function total(counts: readonly (number | undefined)[]): number | undefined {
  return counts.reduce((all, count) => (all === undefined || count === undefined ? undefined : all + count), 0);
}

/** Rows cost more than columns: the forward sweep, kept, and the backward one. Rules may leave no choice. */
export function isReverseCheaper(result: Type, differentiated: readonly Parameter[], rules: Program['rules']): boolean {
  const all = [...rules.values()];
  if (all.some((rule) => rule.pullback === undefined)) return false;
  if (all.some((rule) => rule.tangent === undefined && !rule.ofOneNumber)) return true;
  const rows = knownCount(result);
  const columns = total(differentiated.map(({ type }) => knownCount(type)));
  return rows !== undefined && (columns === undefined || 2 * rows < columns);
}

