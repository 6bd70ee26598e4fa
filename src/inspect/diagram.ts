/** A graph as boxes, arrows and frames: what every drawing of it shares. */

import type { Block, Graph, Initializer, Key, LoopNode, Node, Value } from '../graph/types.ts';
import { exitOperands, operands, results, unreachable } from '../graph/walk.ts';

export interface Box {
  readonly id: string;
  readonly label: string;
  readonly shape: 'parameter' | 'literal' | 'operation' | 'memory' | 'control' | 'exit';
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** From one iteration to the next. */
  readonly isBack?: boolean;
}

/** A block and the blocks inside it. */
export interface Frame {
  readonly id: string;
  readonly label: string;
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
}

export interface Diagram {
  readonly name: string;
  readonly root: Frame;
  readonly arrows: readonly Arrow[];
}

/** Boxes are numbered in program order: the same graph gives the same diagram. */
export function diagramOf(graph: Graph): Diagram {
  const drawing = new Drawing();
  const parameters = graph.params.map((value) => drawing.source(value, value.name ?? 'parameter', 'parameter'));
  const body = drawing.block(graph.body, graph.name, undefined);
  return { name: graph.name, root: { ...body, boxes: [...parameters, ...body.boxes] }, arrows: drawing.arrows };
}

class Drawing {
  readonly arrows: Arrow[] = [];
  readonly #boxOf = new Map<Value, string>();
  #boxes = 0;
  #frames = 0;

  source(value: Value, label: string, shape: Box['shape']): Box {
    const box = this.#box(label, shape);
    this.#boxOf.set(value, box.id);
    return box;
  }

  block(block: Block, label: string, owner: Owner | undefined): Frame {
    const id = `f${this.#frames++}`;
    const boxes: Box[] = [];
    const frames: Frame[] = [];
    for (const node of block.nodes) {
      const box = this.#box(labelOf(node), shapeOf(node));
      boxes.push(box);
      this.#readBy(node, box);
      if (node.kind === 'if') {
        frames.push(this.block(node.then, 'then', { kind: 'arm', box, label: 'then', loop: loopOf(owner) }));
        frames.push(this.block(node.else, 'else', { kind: 'arm', box, label: 'else', loop: loopOf(owner) }));
      } else if (node.kind === 'loop') {
        frames.push(this.#loop(node, box));
      }
      for (const value of results(node)) this.#boxOf.set(value, box.id);
    }
    this.#exit(block, owner, boxes);
    return { id, label, boxes, frames };
  }

  #loop(node: LoopNode, box: Box): Frame {
    const { counter } = node;
    const counters = counter === undefined ? [] : [this.source(counter.variable, counter.variable.name ?? 'counter', 'parameter')];
    const carried = node.body.params.map((value) => this.source(value, value.name ?? 'carried', 'parameter'));
    carried.forEach((parameter, index) => this.#arrow(node.initial[index]!, parameter.id, 'initial'));
    const frame = this.block(node.body, 'each iteration', { kind: 'body', box, carried });
    for (const value of node.done) this.#arrow(value, box.id, 'done');
    return { ...frame, boxes: [...counters, ...carried, ...frame.boxes] };
  }

  #exit(block: Block, owner: Owner | undefined, boxes: Box[]): void {
    const { exit } = block;
    if (exit.kind === 'return' || exit.kind === 'throw') {
      const box = this.#box(exit.kind, 'exit');
      boxes.push(box);
      for (const value of exitOperands(exit)) this.#arrow(value, box.id);
    } else if (exit.kind === 'break') {
      for (const value of exit.values) this.#arrow(value, loopOf(owner)!.box.id, 'break');
    } else if (owner?.kind === 'body') {
      exit.values.forEach((value, index) => this.#arrow(value, owner.carried[index]!.id, 'next', true));
    } else if (owner !== undefined) {
      for (const value of exit.values) this.#arrow(value, owner.box.id, owner.label);
    }
  }

  /** A loop's initial values go to its carried ones, in its frame. */
  #readBy(node: Node, box: Box): void {
    const read = node.kind === 'loop' ? operands(node).slice(0, operands(node).length - node.initial.length) : operands(node);
    for (const value of read) this.#arrow(value, box.id);
  }

  #arrow(value: Value, to: string, label?: string, isBack?: boolean): void {
    const from = this.#boxOf.get(value);
    if (from === undefined) return;
    this.arrows.push({ from, to, ...(label === undefined ? {} : { label }), ...(isBack === undefined ? {} : { isBack }) });
  }

  #box(label: string, shape: Box['shape']): Box {
    return { id: `n${this.#boxes++}`, label, shape };
  }
}

/** What a block belongs to: its exit's values go there. */
type Owner = Arm | Body;

interface Arm {
  readonly kind: 'arm';
  /** The `if`. */
  readonly box: Box;
  readonly label: string;
  readonly loop: Body | undefined;
}

interface Body {
  readonly kind: 'body';
  /** The loop. */
  readonly box: Box;
  readonly carried: readonly Box[];
}

/** What a `break` leaves. */
function loopOf(owner: Owner | undefined): Body | undefined {
  return owner?.kind === 'arm' ? owner.loop : owner;
}

/** `f1 = mul`: the source's name where there is one, and what is done. */
function labelOf(node: Node): string {
  const name = results(node).map((value) => value.name).find((candidate) => candidate !== undefined);
  return name === undefined ? actionOf(node) : `${name} = ${actionOf(node)}`;
}

function actionOf(node: Node): string {
  switch (node.kind) {
    case 'literal':
      return node.unassigned === true ? 'unassigned' : Object.is(node.value, -0) ? '-0' : String(node.value);
    case 'apply':
      return node.op;
    case 'carry':
      return node.pieces.map((piece) => (typeof piece === 'string' ? piece : 'kind' in piece ? piece.name : (piece.name ?? '…'))).join('');
    case 'call':
      return `${node.callee}()`;
    case 'rule':
      return node.values.length === 0 ? `${node.callee}()` : `rule of ${node.callee}`;
    case 'if':
      return 'if';
    case 'loop':
      return loopLabel(node);
    case 'alloc':
      return `new: ${initializerLabel(node.init)}`;
    case 'load':
      return `load ${keyLabel(node.key)}`;
    case 'store':
      return `store ${keyLabel(node.key)}`;
    case 'accumulate':
      return `add to ${keyLabel(node.key)}`;
    case 'undo':
      return `undo ${keyLabel(node.key)}`;
    case 'resize':
      return node.how;
    case 'length':
    case 'view':
    case 'shadow':
    case 'restore':
    case 'workspace':
      return node.kind;
    case 'pushFrame':
      return 'keep';
    case 'popFrame':
      return 'take';
    default:
      return unreachable(node);
  }
}

function loopLabel(node: LoopNode): string {
  if (node.counter?.to === undefined) return node.body.exit.kind === 'break' ? 'once' : 'loop';
  const { variable, test, step } = node.counter;
  const name = variable.name ?? 'i';
  return `for ${name} ${test} bound, ${name} ${step < 0 ? '-=' : '+='} ${Math.abs(step)}`;
}

function initializerLabel(init: Initializer): string {
  return init.kind === 'elements' || init.kind === 'fields' ? `${init.values.length} ${init.kind}` : init.kind;
}

function keyLabel(key: Key): string {
  return key.kind === 'field' ? `.${key.name}` : `[${key.index.name ?? 'index'}]`;
}

function shapeOf(node: Node): Box['shape'] {
  switch (node.kind) {
    case 'literal':
      return 'literal';
    case 'if':
    case 'loop':
      return 'control';
    case 'alloc':
    case 'load':
    case 'store':
    case 'accumulate':
    case 'undo':
    case 'resize':
    case 'length':
    case 'view':
    case 'shadow':
    case 'workspace':
    case 'pushFrame':
    case 'popFrame':
      return 'memory';
    default:
      return 'operation';
  }
}
