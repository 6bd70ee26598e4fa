/**
 * A finished derivative as a function like any other, so that it can be called in one that is differentiated.
 *
 * The operations are the companion's, but for the order of sums of adjoints, which is free there. Only what its printer takes care
 * of becomes nodes: gradients are made here, what is kept lies in arrays of the function's own, and these sums, whose
 * order is free no longer, are read, added and written.
 */

import { atField, atIndex, BlockBuilder, integer, newValue, real, yields } from '../../src/graph/build.ts';
import type { ArrayType, Block, Graph, LoopNode, Node, ShadowNode, Type, Value } from '../../src/graph/types.ts';
import { copyBlock, mapExit, results, substitute, visit, withNodes } from '../../src/graph/walk.ts';
import { elementLoop } from '../element-loop.ts';
import { IndexFacts } from '../index-facts.ts';
import { isReference } from '../memory.ts';

/**
 * Expects a graph whose storage is placed in arrays of its own (`StorageOptions.isKeptInside`), that calls no procedures, and
 * whose types do not contain themselves. Every definition is new.
 */
export function asPrimal(graph: Graph): Graph {
  const params = graph.params.map((param) => newValue(param.type, param.name));
  const copied = copyBlock(graph.body, new Map(graph.params.map((param, i) => [param, params[i]!])));
  const rewriter = new Rewriter(IndexFacts.of({ ...graph, params, body: copied }));
  const body = rewriter.functionBody(copied);
  return { name: graph.name, params, body, ...(graph.origin && { origin: graph.origin }) };
}

class Rewriter {
  /** What is returned in place of a gradient that is gathered in other memory. */
  private readonly finished: { readonly gathered: Value; readonly finish: (builder: BlockBuilder) => Value }[] = [];
  /** The stacks of frames, made at the start of the function: one array for each value of a frame. */
  private readonly stacks = new Map<number, readonly Value[]>();
  private readonly start = new BlockBuilder();
  private readonly made = new Map<Value, Node>();
  private readonly replaced = new Map<Value, Value>();
  private readonly facts: IndexFacts;

  constructor(facts: IndexFacts) {
    this.facts = facts;
  }

  functionBody(block: Block): Block {
    visit(block, (node) => results(node).forEach((result) => this.made.set(result, node)));
    const { nodes, exit } = substitute(this.block(block), (value) => this.replaced.get(value) ?? value);
    const end = new BlockBuilder();
    const done = new Map(this.finished.map(({ gathered, finish }) => [gathered, finish(end)]));
    const returned = mapExit(exit, (value) => this.returned(value, done, end));
    return { params: [], nodes: [...this.start.nodes, ...nodes, ...end.nodes], exit: returned };
  }

  /** Objects of gradients are made again where what they hold has become something else. */
  private returned(value: Value, done: ReadonlyMap<Value, Value>, end: BlockBuilder): Value {
    const instead = done.get(value);
    if (instead !== undefined) return instead;
    const node = this.made.get(value);
    if (node?.kind !== 'alloc' || (node.init.kind !== 'fields' && node.init.kind !== 'elements')) return value;
    const values = node.init.values.map((part) => this.returned(part, done, end));
    if (values.every((part, i) => part === (node.init as { values: readonly Value[] }).values[i])) return value;
    return end.alloc(value.type as ArrayType, { ...node.init, values }, value.name);
  }

  private block(block: Block): Block {
    const builder = new BlockBuilder();
    for (const node of block.nodes) this.node(node, builder);
    return withNodes(block, builder.nodes);
  }

  private node(marked: Node, builder: BlockBuilder): void {
    const { backward: _backward, tangent: _tangent, ...rest } = marked;
    const node = rest as Node;
    builder.origin = node.origin;
    switch (node.kind) {
      case 'if':
        builder.push({ ...node, then: this.block(node.then), else: this.block(node.else) });
        break;
      case 'loop':
        builder.push(this.loop(node));
        break;
      case 'accumulate': {
        const before = builder.load(node.memory, node.key, node.value.type);
        builder.store(node.memory, node.key, builder.apply('add', [before, node.value], { type: node.value.type }));
        break;
      }
      case 'shadow':
        this.shadow(node, builder);
        break;
      case 'alloc': {
        const { resultField: _field, scratch: _scratch, ...plain } = node;
        builder.push(plain);
        break;
      }
      case 'workspace':
        builder.push({ kind: 'alloc', init: { kind: 'zeros', length: this.sizeFor(node.size, builder) }, result: node.result });
        break;
      case 'pushFrame': {
        const stacks = this.stacksOf(node.frame, node.values);
        node.values.forEach((value, i) => builder.push({ kind: 'resize', how: 'push', memory: stacks[i]!, value }));
        break;
      }
      case 'popFrame': {
        const stacks = this.stacksOf(node.frame, node.results);
        node.results.forEach((result, i) => builder.push({ kind: 'resize', how: 'pop', memory: stacks[i]!, result }));
        break;
      }
      default:
        builder.push(node);
    }
  }

  /** A loop that does not run may have computed less than nothing. */
  private sizeFor(size: Value, builder: BlockBuilder): Value {
    return this.facts.isNonNegative(size) ? size : builder.apply('max', [size, builder.literal(0)], { type: integer });
  }

  private loop(node: LoopNode): LoopNode {
    const { mirrors: _mirrors, includesLeaving: _leaving, checkpointed: _done, ...plain } = node;
    return { ...plain, body: this.block(node.body) };
  }

  private stacksOf(frame: number, values: readonly Value[]): readonly Value[] {
    const known = this.stacks.get(frame);
    if (known !== undefined) return known;
    const stacks = values.map((value) => {
      const type: ArrayType = { kind: 'array', container: 'Array', element: value.type };
      return this.start.alloc(type, { kind: 'holes', length: this.start.literal(0) }, `kept_${value.name ?? 'value'}`);
    });
    this.stacks.set(frame, stacks);
    return stacks;
  }

  private shadow(node: ShadowNode, builder: BlockBuilder): void {
    const { of, result } = node;
    const { type } = of;
    const isGradient = node.gradientOf !== undefined;
    if (isGradient && type.kind === 'array' && type.container === 'Float32Array') {
      const gathered = newValue({ ...type, container: 'Float64Array' }, result.name);
      builder.push({ kind: 'alloc', init: { kind: 'zeros', length: builder.length(of) }, result: gathered });
      this.replaced.set(result, gathered);
      this.finished.push({ gathered, finish: (end) => rounded(end, gathered, type) });
      return;
    }
    if (isGradient && node.mayGrow && type.kind === 'array') {
      // What was added behind its end is cut off.
      this.finished.push({ gathered: result, finish: (end) => trimmed(end, result, of) });
    }
    zerosLike(builder, of, result);
  }
}

/** A gradient, each array in it as long as what it is the gradient of. */
function trimmed(builder: BlockBuilder, gradient: Value, of: Value): Value {
  const { type } = gradient;
  if (type.kind !== 'array') return gradient;
  const { element } = type;
  if (!isReference(element)) return builder.alloc(type, { kind: 'copy', of: gradient, from: builder.literal(0), to: builder.length(of) }, gradient.name);
  const rows = builder.alloc(type, { kind: 'holes', length: builder.length(of) }, gradient.name);
  elementLoop(builder, builder.length(of), (inner, index) => {
    inner.store(rows, atIndex(index), trimmed(inner, inner.load(gradient, atIndex(index), element), inner.load(of, atIndex(index), elementOf(of.type))));
  });
  return rows;
}

/** Makes `result`, memory shaped like `of`. */
function zerosLike(builder: BlockBuilder, of: Value, result: Value): void {
  const { type } = result;
  switch (type.kind) {
    case 'array': {
      const length = builder.length(of);
      const isFlat = !isReference(type.element);
      builder.push({ kind: 'alloc', init: { kind: isFlat ? 'zeros' : 'holes', length }, result });
      if (isFlat) return;
      elementLoop(builder, length, (inner, index) => {
        inner.store(result, atIndex(index), zerosIn(inner, () => inner.load(of, atIndex(index), elementOf(of.type)), type.element));
      });
      return;
    }
    case 'record': {
      const values = type.fields.map((field) => zerosIn(builder, () => builder.load(of, atField(field.name), fieldOf(of.type, field.name)), field.type));
      builder.push({ kind: 'alloc', init: { kind: 'fields', values }, result });
      return;
    }
    case 'tuple': {
      const values = type.elements.map((element, i) =>
        zerosIn(builder, () => builder.load(of, atIndex(builder.literal(i)), of.type.kind === 'tuple' ? of.type.elements[i]! : element), element),
      );
      builder.push({ kind: 'alloc', init: { kind: 'elements', values }, result });
      return;
    }
    case 'optional': {
      const present = builder.apply('present', [of]);
      const then = new BlockBuilder(builder.origin);
      const made = newValue(type.of, result.name);
      zerosLike(then, then.apply('unwrap', [of]), made);
      const otherwise = new BlockBuilder(builder.origin);
      const absent = otherwise.literal(undefined, type);
      builder.if(present, then.block(yields([made])), otherwise.block(yields([absent])), [result]);
      return;
    }
    default:
      throw new Error(`no zeros like a ${type.kind}`);
  }
}

/** Zeros in the place of a part; what has no gradient stays what it is. */
function zerosIn(builder: BlockBuilder, part: () => Value, type: Type): Value {
  if (type.kind === 'real' || type.kind === 'integer') return builder.literal(0, real);
  if (!isReference(type)) return part();
  const result = newValue(type);
  zerosLike(builder, part(), result);
  return result;
}

function elementOf(type: Type): Type {
  return type.kind === 'array' ? type.element : real;
}

function fieldOf(type: Type, name: string): Type {
  return (type.kind === 'record' ? type.fields.find((field) => field.name === name)?.type : undefined) ?? real;
}

/** `new Float32Array(gathered)`, number by number. */
function rounded(builder: BlockBuilder, gathered: Value, type: ArrayType): Value {
  const length = builder.length(gathered);
  const result = builder.alloc(type, { kind: 'zeros', length }, gathered.name);
  elementLoop(builder, length, (inner, index) => {
    inner.store(result, atIndex(index), inner.load(gathered, atIndex(index), type.element));
  });
  return result;
}
