/**
 * The types of variables that hold memory, and of what lies in arrays that are made here. An argument's arrays may be `readonly`,
 * at any depth: what holds one of them is too, unless somebody writes to it by that name.
 *
 *     const closed = new Array<readonly number[]>(n + 1);     closed[n] = w[0]
 *
 * As the compiler does, this asks at each depth by itself what can be assigned to what.
 */

import type { Graph, LoadNode, Node, StoreNode, Type, Value } from '../graph/types.ts';
import { blocks, exitOperands, visit } from '../graph/walk.ts';
import type { Demand } from './demand.ts';
import { arrayText, isMemory, propertyName, typeText } from './type-text.ts';
import type { Variable, Variables } from './variables.ts';

/** One depth of a type: an array as such, or its elements as such. */
interface Level {
  isWritten: boolean;
  /** Something of an argument may lie here. */
  isGiven: boolean;
  /** What is assigned to it, and what it is assigned to. */
  readonly from: Level[];
  readonly to: Level[];
  /** Elements by their place, fields by their name. */
  readonly parts: ReadonlyMap<string, Level>;
}

/** All elements of an array. */
const elements = '[]';

export class MemoryTypes {
  private readonly demand: Demand;
  private readonly variables: Variables;
  private readonly levels = new Map<Value | Variable, Level>();

  /** @param handedOn what is written where the function does not see it */
  constructor(graph: Graph, demand: Demand, variables: Variables, handedOn: readonly Value[] = []) {
    this.demand = demand;
    this.variables = variables;
    for (const param of graph.params) give(this.levelOf(param, param.type));
    visit(graph.body, (node) => this.addNode(node));
    for (const value of handedOn) write(this.of(value));
  }

  /** `: readonly number[]`; empty where the compiler knows as well. */
  annotationOf(variable: Variable): string {
    const { type } = variable;
    return isMemory(type) || type.kind === 'opaque' || type.kind === 'optional' ? `: ${this.textOf(variable)}` : '';
  }

  textOf(variable: Variable): string {
    return textAt(variable.type, this.levelOf(variable, variable.type));
  }

  /** Of an array that is made. */
  elementOf(array: Value): string {
    if (array.type.kind !== 'array') throw new Error('elements of what is no array');
    return textAt(array.type.element, this.of(array).parts.get(elements)!);
  }

  private of(value: Value): Level {
    return this.levelOf(this.levels.has(value) ? value : (this.variables.find(value) ?? value), value.type);
  }

  private levelOf(key: Value | Variable, type: Type): Level {
    const known = this.levels.get(key) ?? levelsOf(type);
    this.levels.set(key, known);
    return known;
  }

  private assign(source: Value | undefined, target: Value): void {
    if (source !== undefined && isMemory(target.type)) flow(this.of(source), this.of(target));
  }

  private addNode(node: Node): void {
    switch (node.kind) {
      case 'apply':
        for (const operand of node.operands) if (isMemory(operand.type)) this.assign(operand, node.result);
        break;
      case 'if':
        for (const { exit } of blocks(node)) if (exit.kind === 'yield') node.results.forEach((result, i) => this.assign(exit.values[i], result));
        break;
      case 'loop': {
        const { body } = node;
        const next = body.exit.kind === 'yield' ? body.exit.values : [];
        body.params.forEach((param, i) => [node.initial[i], next[i]].forEach((source) => this.assign(source, param)));
        for (const ends of [node.done, ...this.demand.breaksOf(node).map(exitOperands)]) node.results.forEach((result, i) => this.assign(ends[i], result));
        break;
      }
      case 'load':
        if (isMemory(node.result.type)) this.addLoad(node);
        break;
      case 'store':
        for (const part of this.partsAt(node)) if (isMemory(node.value.type)) flow(this.of(node.value), part);
        write(this.of(node.memory), 'itself');
        break;
      case 'accumulate':
        write(this.of(node.memory), 'itself');
        break;
      case 'resize':
        write(this.of(node.memory), 'itself');
        for (const part of this.of(node.memory).parts.values()) {
          if (node.value && isMemory(node.value.type)) flow(this.of(node.value), part);
          if (node.result && isMemory(node.result.type)) flow(part, this.of(node.result));
        }
        break;
      case 'alloc':
        this.addParts(node.init, node.result);
        break;
      case 'view':
        this.assign(node.memory, node.result);
        break;
      case 'shadow':
        write(this.of(node.result));
        break;
      case 'carry':
        if (isMemory(node.result.type)) give(this.of(node.result));
        break;
      case 'call':
        for (const operand of node.operands) write(this.of(operand));
        for (const result of node.results) if (isMemory(result.type)) give(this.of(result));
        break;
      default:
    }
  }

  private addParts(init: Extract<Node, { kind: 'alloc' }>['init'], result: Value): void {
    const { type } = result;
    const whole = this.of(result);
    if (init.kind === 'copy') {
      for (const [key, part] of this.of(init.of).parts) flow(part, whole.parts.get(key) ?? part);
    } else if (init.kind === 'elements' || init.kind === 'fields') {
      init.values.forEach((value, i) => {
        const key = type.kind === 'record' ? type.fields[i]!.name : type.kind === 'array' ? elements : String(i);
        const part = whole.parts.get(key);
        if (part && isMemory(value.type)) flow(this.of(value), part);
      });
    }
  }

  private addLoad(node: LoadNode): void {
    const [whole, result] = [this.of(node.memory), this.of(node.result)];
    // A recursive record has one text for all of it.
    if (whole.parts.size === 0) holds(whole, result);
    for (const part of this.partsAt(node)) flow(part, result);
  }

  /** What an access may mean: of an object one field. */
  private partsAt({ memory, key }: LoadNode | StoreNode): readonly Level[] {
    const { parts } = this.of(memory);
    return key.kind === 'index' ? [...parts.values()] : [parts.get(key.name)].filter((part) => part !== undefined);
  }
}

function levelsOf(type: Type): Level {
  const parts = partsOf(type).map(([key, part]) => [key, levelsOf(part)] as const);
  return { isWritten: false, isGiven: false, from: [], to: [], parts: new Map(parts) };
}

function partsOf(type: Type): readonly (readonly [string, Type])[] {
  switch (type.kind) {
    case 'optional':
      return partsOf(type.of);
    case 'array':
      return [[elements, type.element]];
    case 'tuple':
      return type.elements.map((element, i) => [String(i), element]);
    case 'record':
      return type.recursive === undefined ? type.fields.map((field) => [field.name, field.type]) : [];
    default:
      return [];
  }
}

/** `source` is assigned to `target`. */
function flow(source: Level, target: Level): void {
  source.to.push(target);
  target.from.push(source);
  if (target.isWritten) write(source, 'itself');
  if (source.isGiven) give(target, 'itself');
  for (const [key, part] of source.parts) {
    const other = target.parts.get(key);
    if (other) flow(part, other);
  }
}

/** What lies in `whole` is an argument's if that is. */
function holds(whole: Level, held: Level): void {
  whole.to.push(held);
  if (whole.isGiven) give(held, 'itself');
  for (const part of held.parts.values()) holds(whole, part);
}

/** What is assigned to something that is written must allow it. */
function write(level: Level, depth: 'itself' | 'whole' = 'whole'): void {
  if (depth === 'whole') for (const part of level.parts.values()) write(part);
  if (level.isWritten) return;
  level.isWritten = true;
  for (const source of level.from) write(source, 'itself');
}

function give(level: Level, depth: 'itself' | 'whole' = 'whole'): void {
  if (depth === 'whole') for (const part of level.parts.values()) give(part);
  if (level.isGiven) return;
  level.isGiven = true;
  for (const target of level.to) give(target, 'itself');
}

function textAt(type: Type, level: Level): string {
  const mark = level.isGiven && !level.isWritten ? 'readonly ' : '';
  switch (type.kind) {
    case 'optional':
      return `${textAt(type.of, level)} | null | undefined`;
    case 'array':
      return type.container === 'Array' ? `${mark}${arrayText(textAt(type.element, level.parts.get(elements)!))}` : type.container;
    case 'tuple':
      return `${mark}[${type.elements.map((element, i) => textAt(element, level.parts.get(String(i))!)).join(', ')}]`;
    case 'record': {
      if (type.recursive !== undefined) return type.recursive;
      const fields = type.fields.map((field) => {
        const mayMiss = field.type.kind === 'optional';
        return `${propertyName(field.name)}${mayMiss ? '?' : ''}: ${textAt(field.type, level.parts.get(field.name)!)}`;
      });
      return `{ ${fields.join('; ')} }`;
    }
    default:
      return typeText(type);
  }
}
