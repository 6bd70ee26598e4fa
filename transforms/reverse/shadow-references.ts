/**
 * Makes the forward sweep carry shadow references: wherever a reference to active memory is stored, chosen by a branch or
 * carried by a loop, the reference to its shadow goes the same way.
 *
 * Expects a forward graph; afterwards it computes the same, and `travelling` gives each such reference its shadow.
 */

import { BlockBuilder, newValue, real } from '../../src/graph/build.ts';
import type { AllocNode, Block, CallNode, Exit, Graph, IfNode, Initializer, LoopNode, Node, Type, Value } from '../../src/graph/types.ts';
import { exitOperands, mayBreak, visit } from '../../src/graph/walk.ts';
import type { Activity } from '../activity.ts';
import { breaksOf, hasShadow, holdsReals, isReference, shadowType, type Memory, type Root } from '../memory.ts';
import { isActiveCall, type PairInterface } from '../procedures/interface.ts';
import { adjointName } from './frame.ts';
import { madeWhereAssigned, unassignedValues } from '../unassigned.ts';

export interface TravellingShadows {
  readonly graph: Graph;
  readonly travelling: ReadonlyMap<Value, Value>;
}

export function carryShadowReferences(
  graph: Graph,
  memory: Memory,
  activity: Activity,
  direct: ReadonlyMap<Value, Value>,
  interfaceOf: (callee: string) => PairInterface,
): TravellingShadows {
  const pass = new ShadowReferences(graph, { memory, activity, direct }, interfaceOf);
  const body = pass.block(graph.body, []);
  return { graph: { ...graph, body: graph.procedure ? withReturnedShadows(body, pass, interfaceOf(graph.name).shadowResults) : body }, travelling: pass.travelling };
}

function withReturnedShadows(body: Block, pass: ShadowReferences, places: readonly number[]): Block {
  if (body.exit.kind !== 'return') return body;
  const builder = new BlockBuilder();
  const shadows = pass.returned(body.exit.values, places, builder);
  return { ...body, nodes: [...body.nodes, ...builder.nodes], exit: { kind: 'return', values: [...body.exit.values, ...shadows] } };
}

/** Roots whose reference is used otherwise than by name: stored, chosen, carried. */
function movingRoots(graph: Graph, memory: Memory): ReadonlySet<Root> {
  const moving = new Set<Root>();
  const moves = (value: Value | undefined): void => {
    if (value && isReference(value.type)) for (const root of memory.rootsOf(value)) moving.add(root);
  };
  const exits = (block: Block): void => {
    if (block.exit.kind !== 'return') exitOperands(block.exit).forEach(moves);
  };
  visit(graph.body, (node, block) => {
    switch (node.kind) {
      case 'store':
      case 'resize':
        moves(node.value);
        break;
      case 'alloc':
        // Its final length is known at the end of its block, which an exit may never reach.
        if (mayGrow(node.result) && (block.exit.kind === 'break' || block.nodes.some(mayBreak))) moving.add(node.result);
        if (node.init.kind === 'elements' || node.init.kind === 'fields') node.init.values.forEach(moves);
        break;
      case 'call':
        node.operands.forEach(moves);
        break;
      case 'rule':
        if (block.exit.kind === 'break' || block.nodes.some(mayBreak)) for (const result of node.results) if (mayGrow(result)) moving.add(result);
        break;
      case 'apply':
        node.operands.filter((operand) => isReference(operand.type) && operand.type.kind !== 'array').forEach(moves);
        if (node.op === 'select') node.operands.forEach(moves);
        break;
      case 'if':
        exits(node.then);
        exits(node.else);
        break;
      case 'loop':
        node.initial.forEach(moves);
        node.done.forEach(moves);
        exits(node.body);
        for (const values of breaksOf(node.body)) values.forEach(moves);
        break;
      default:
        break;
    }
  });
  if (graph.procedure) exitOperands(graph.body.exit).forEach(moves);
  return moving;
}

interface Known {
  readonly memory: Memory;
  readonly activity: Activity;
  /** Shadows of parameters, which are there from the start. */
  readonly direct: ReadonlyMap<Value, Value>;
}

class ShadowReferences {
  readonly travelling = new Map<Value, Value>();
  private readonly memory: Memory;
  private readonly activity: Activity;
  private readonly direct: ReadonlyMap<Value, Value>;
  private readonly moving: ReadonlySet<Root>;
  private readonly parameters: ReadonlySet<Value>;
  private readonly unassigned: ReadonlySet<Value>;
  private readonly interfaceOf: (callee: string) => PairInterface;
  private readonly definitions = new Map<Value, Node>();

  constructor(graph: Graph, { memory, activity, direct }: Known, interfaceOf: (callee: string) => PairInterface) {
    this.interfaceOf = interfaceOf;
    this.memory = memory;
    this.activity = activity;
    this.direct = direct;
    this.moving = movingRoots(graph, memory);
    this.parameters = new Set(graph.params);
    this.unassigned = unassignedValues(graph);
  }

  /** `outerBreaks`: for each result of the nearest loop, whether its shadow goes along. */
  block(block: Block, outerBreaks: readonly boolean[]): Block {
    const builder = new BlockBuilder();
    for (const node of block.nodes) {
      builder.origin = node.origin;
      for (const result of 'results' in node ? node.results : 'result' in node && node.result ? [node.result] : []) {
        this.definitions.set(result, node);
      }
      this.node(node, builder, outerBreaks);
    }
    return { ...block, nodes: builder.nodes, exit: this.exit(block.exit, builder, outerBreaks) };
  }

  private node(node: Node, builder: BlockBuilder, breaks: readonly boolean[]): void {
    switch (node.kind) {
      case 'alloc':
        builder.push(node);
        this.alloc(node, builder);
        break;
      case 'carry':
        builder.push(node);
        if (this.isActiveReference(node.result)) {
          this.travelling.set(node.result, this.zeros(node.result, builder));
        }
        break;
      case 'load':
        builder.push(node);
        if (this.isActiveReference(node.result) && this.hasWritableRoot(node.memory)) {
          const shadow = this.shadow(node.memory, builder);
          this.travelling.set(node.result, builder.load(shadow, node.key, shadowType(node.result.type), adjointName(node.result)));
        }
        break;
      case 'store':
        builder.push(node);
        if (!this.isActiveReference(node.memory)) break;
        if (isReference(node.value.type)) {
          builder.store(this.shadow(node.memory, builder), node.key, this.shadow(node.value, builder));
        } else if (mayGrow(node.memory) && this.travels(node.memory)) {
          // A store behind the end makes a plain array longer: its shadow grows with it.
          builder.store(this.shadow(node.memory, builder), node.key, builder.literal(0, real));
        }
        break;
      case 'resize':
        builder.push(node);
        this.resize(node, builder);
        break;
      case 'apply':
        builder.push(node);
        if (node.op === 'select' && this.isActiveReference(node.result)) {
          const [c, a, b] = node.operands;
          const chosen = [c!, this.shadow(a!, builder), this.shadow(b!, builder)];
          this.travelling.set(node.result, builder.apply('select', chosen, { type: shadowType(node.result.type) }));
        }
        break;
      case 'call':
        this.call(node, builder);
        break;
      case 'rule':
        builder.push(node);
        for (const result of node.results) {
          if (this.isActiveReference(result) && this.moving.has(result)) this.travelling.set(result, this.zeros(result, builder));
        }
        break;
      case 'if':
        this.if(node, builder, breaks);
        break;
      case 'loop':
        this.loop(node, builder);
        break;
      default:
        builder.push(node);
    }
  }

  private alloc(node: AllocNode, builder: BlockBuilder): void {
    const { result, init } = node;
    if (!this.isActiveReference(result)) return;
    const holdsReferences = partTypes(result.type).some(isReference);
    if (!this.moving.has(result) && !holdsReferences) return;
    const name = adjointName(result);
    if (!holdsReferences) {
      this.travelling.set(result, this.zeros(result, builder));
      return;
    }
    const type = shadowType(result.type);
    if (type.kind !== 'array' && type.kind !== 'record' && type.kind !== 'tuple') return;
    this.travelling.set(result, builder.alloc(type, this.shadowInitializer(result.type, init, builder), name));
  }

  /** Memory of references: shadows of the references, zeros where numbers stand. */
  private shadowInitializer(type: Type, init: Initializer, builder: BlockBuilder): Initializer {
    const parts = partTypes(type);
    const shadowOf = (value: Value, part: Type): Value => {
      if (!hasShadow(part)) return value;
      return isReference(part) ? this.shadow(value, builder) : builder.literal(0, real);
    };
    switch (init.kind) {
      case 'elements':
        return { ...init, values: init.values.map((value, i) => shadowOf(value, parts[type.kind === 'array' ? 0 : i]!)) };
      case 'fields':
        return { ...init, values: init.values.flatMap((value, i) => (hasShadow(parts[i]!) ? [shadowOf(value, parts[i]!)] : [])) };
      case 'copy':
        return { ...init, of: this.shadow(init.of, builder) };
      default:
        return init;
    }
  }

  /** What grows and shrinks does so with its shadow: by references, or by zeros. */
  private resize(node: Extract<Node, { kind: 'resize' }>, builder: BlockBuilder): void {
    const value = node.value ?? node.result;
    if (!value || !this.isActiveReference(node.memory)) return;
    const isOfReferences = isReference(value.type);
    if (!isOfReferences && !this.travels(node.memory)) return;
    const memory = this.shadow(node.memory, builder);
    if (node.how === 'push') {
      const pushed = isOfReferences ? this.shadow(value, builder) : builder.literal(0, real);
      builder.push({ kind: 'resize', how: 'push', memory, value: pushed });
      return;
    }
    const result = newValue(shadowType(value.type), adjointName(value));
    builder.push({ kind: 'resize', how: 'pop', memory, result });
    if (isOfReferences) this.travelling.set(value, result);
  }

  /** The forward half of a pair also takes the shadows of memory, and gives those of the memory that comes back. */
  private call(node: CallNode, builder: BlockBuilder): void {
    if (!isActiveCall(node, this.activity)) {
      builder.push(node);
      return;
    }
    const { shadowParams, shadowResults } = this.interfaceOf(node.callee);
    const handed = shadowParams.map((place) => this.shadow(node.operands[place]!, builder));
    const back = shadowResults.map((place) => {
      const result = node.results[place]!;
      const shadow = newValue(shadowType(result.type), adjointName(result));
      this.travelling.set(result, shadow);
      return shadow;
    });
    builder.push({ ...node, variant: 'forward', operands: [...node.operands, ...handed], results: [...node.results, ...back] });
  }

  /** The shadows of memory that a procedure returns, at its end. */
  returned(values: readonly Value[], places: readonly number[], builder: BlockBuilder): readonly Value[] {
    return places.map((place) => this.shadow(values[place]!, builder));
  }

  private if(node: IfNode, builder: BlockBuilder, breaks: readonly boolean[]): void {
    const shadowed = node.results.map((result) => this.isActiveReference(result));
    const arm = (block: Block): Block => {
      const inner = this.block(block, breaks);
      if (inner.exit.kind !== 'yield') return inner;
      return this.extended(inner, inner.exit, shadowed);
    };
    const then = arm(node.then);
    const otherwise = arm(node.else);
    builder.push({ ...node, then, else: otherwise, results: [...node.results, ...this.companions(node.results, shadowed)] });
  }

  private loop(node: LoopNode, builder: BlockBuilder): void {
    const carried = node.body.params.map((param) => this.isActiveReference(param));
    const results = node.results.map((result) => this.isActiveReference(result));
    const initial = node.initial.flatMap((value, i) => (carried[i] ? [this.shadow(value, builder)] : []));
    const params = this.companions(node.body.params, carried);
    const inner = this.block(node.body, results);
    const body = inner.exit.kind === 'yield' ? this.extended(inner, inner.exit, carried) : inner;
    const done = node.done.flatMap((value, i) => (results[i] ? [this.shadow(value, builder)] : []));
    builder.push({
      ...node,
      initial: [...node.initial, ...initial],
      body: { ...body, params: [...node.body.params, ...params] },
      done: [...node.done, ...done],
      results: [...node.results, ...this.companions(node.results, results)],
    });
  }

  private exit(exit: Exit, builder: BlockBuilder, breaks: readonly boolean[]): Exit {
    if (exit.kind !== 'break') return exit;
    const extra = exit.values.flatMap((value, i) => (breaks[i] ? [this.shadow(value, builder)] : []));
    return { ...exit, values: [...exit.values, ...extra] };
  }

  private extended(block: Block, exit: Extract<Exit, { kind: 'yield' }>, shadowed: readonly boolean[]): Block {
    const builder = new BlockBuilder();
    const extra = exit.values.flatMap((value, i) => (shadowed[i] ? [this.shadow(value, builder)] : []));
    return { ...block, nodes: [...block.nodes, ...builder.nodes], exit: { ...exit, values: [...exit.values, ...extra] } };
  }

  private companions(values: readonly Value[], shadowed: readonly boolean[]): readonly Value[] {
    return values.flatMap((value, i) => {
      if (!shadowed[i]) return [];
      const companion = newValue(shadowType(value.type), adjointName(value));
      this.travelling.set(value, companion);
      return [companion];
    });
  }

  /** The shadow of `value` at this place of the forward sweep; of memory that is not active, zeros that nobody reads. */
  private shadow(value: Value, builder: BlockBuilder): Value {
    const known = this.travelling.get(value) ?? this.direct.get(value);
    if (known) return known;
    const definition = this.definitions.get(value);
    if (definition?.kind === 'literal') return value;
    if (definition?.kind === 'load' && this.isActiveReference(value)) {
      return builder.load(this.shadow(definition.memory, builder), definition.key, shadowType(value.type), adjointName(value));
    }
    if (definition?.kind === 'view') {
      const result = newValue(value.type, adjointName(value));
      const { from, to } = definition;
      const memory = this.shadow(definition.memory, builder);
      builder.push({ kind: 'view', memory, from, ...(to === undefined ? {} : { to }), result });
      return result;
    }
    if (definition?.kind === 'apply' && definition.op === 'unwrap') {
      const shadow = this.shadow(definition.operands[0]!, builder);
      return builder.apply('unwrap', [shadow], { type: shadowType(value.type), name: adjointName(value) });
    }
    // A parameter that is not differentiated: what is added to its shadow goes nowhere.
    if (this.parameters.has(value)) return builder.shadow(value, adjointName(value));
    if (this.isActiveReference(value)) throw new Error(`no shadow travels with ${value.name ?? 'a reference'}`);
    if (!this.unassigned.has(value)) return this.zeros(value, builder);
    return madeWhereAssigned(value, shadowType(value.type), adjointName(value), builder, (inner) => this.zeros(value, inner));
  }

  private zeros(of: Value, builder: BlockBuilder): Value {
    const result = newValue(shadowType(of.type), adjointName(of));
    builder.push({ kind: 'shadow', of, result });
    return result;
  }

  private isActiveReference(value: Value): boolean {
    return isReference(value.type) && holdsReals(value.type) && this.activity.isActive(value);
  }

  /** Whether the shadow was made with the memory, and not at the turning point. A procedure is handed the two together. */
  private travels(memory: Value): boolean {
    if (this.travelling.has(memory) || this.direct.has(memory)) return true;
    const definition = this.definitions.get(memory);
    return definition?.kind === 'view' && this.travels(definition.memory);
  }

  private hasWritableRoot(memory: Value): boolean {
    return [...this.memory.rootsOf(memory)].some((root) => !this.memory.isReadOnly(root));
  }
}

/** Stores behind its end make a plain array longer. */
function mayGrow(memory: Value): boolean {
  return memory.type.kind === 'array' && memory.type.container === 'Array';
}

function partTypes(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'array':
      return [type.element];
    case 'tuple':
      return type.elements;
    case 'record':
      return type.fields.map((field) => field.type);
    case 'optional':
      return partTypes(type.of);
    default:
      return [];
  }
}
