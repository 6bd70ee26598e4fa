/**
 * The gradient of a parameter, part by part: a number has an adjoint, an array a shadow, an object one or the other for each
 * differentiable field. An object that is used as a whole (stored, chosen, passed along) keeps one shadow object.
 */

import { atField, atIndex, BlockBuilder, newValue, real } from '../../src/graph/build.ts';
import { append } from '../../src/graph/lists.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { Field, Graph, Key, LoadNode, Node, RecordType, TupleType, Type, Value } from '../../src/graph/types.ts';
import { exitOperands, operands, results, visit } from '../../src/graph/walk.ts';
import { breaksOf, holdsReals } from '../memory.ts';

export type GradientPart =
  /** The sum of the adjoints of these values: the parameter itself, or the loads of a field. */
  | { readonly kind: 'number'; readonly sources: readonly Value[] }
  | { readonly kind: 'memory'; readonly shadow: Value }
  | { readonly kind: 'parts'; readonly type: RecordType | TupleType; readonly parts: readonly GradientPart[] };

export interface Gradients {
  /** The graph, with the shadows of parameters (and loads of parts that it did not read) at its start. */
  readonly graph: Graph;
  readonly parts: readonly GradientPart[];
  /** Shadows by the reference whose adjoint they gather. */
  readonly direct: ReadonlyMap<Value, Value>;
  /** Objects that are taken apart: the adjoint of a field is that of its loads, and there is no shadow. */
  readonly byParts: ReadonlySet<Value>;
  /** What depends on the parameters first of all: these values are varied. */
  readonly sources: readonly Value[];
}

/** `others`: array parameters that are not asked for but need a shadow all the same (everything active). */
export function gradientParts(graph: Graph, differentiated: readonly Parameter[], others: readonly Value[]): Gradients {
  const uses = new ReferenceUses(graph);
  const builder = new BlockBuilder(graph.origin);
  const direct = new Map<Value, Value>();
  const byParts = new Set<Value>();
  const sources: Value[] = [];
  const moved = new Set<Node>();

  const partOf = (value: Value, path: readonly string[]): GradientPart => {
    const { type } = value;
    sources.push(value);
    const inner = type.kind === 'optional' ? type.of : type;
    if (inner.kind === 'real' || inner.kind === 'integer') return { kind: 'number', sources: [value] };
    if (((type.kind === 'record' && type.recursive === undefined) || type.kind === 'tuple') && uses.isReadByParts(value)) {
      return partsOf(value, type, path);
    }
    const shadow = builder.shadow(value, `d_${path.join('_')}`, path);
    direct.set(value, shadow);
    return { kind: 'memory', shadow };
  };

  const partsOf = (value: Value, type: RecordType | TupleType, path: readonly string[]): GradientPart => {
    byParts.add(value);
    const fields = differentiableFields(type);
    const parts = fields.map(({ field, key }) => {
      const loads = uses.loadsOf(value, field.name);
      const isNumber = !holdsStructure(field.type);
      if (isNumber) {
        sources.push(...loads.map((load) => load.result));
        return { kind: 'number', sources: loads.map((load) => load.result) } as const;
      }
      const [first, ...rest] = loads;
      const reference = first ? first.result : loadPart(builder, value, key(builder), field.type);
      if (first) {
        moved.add(first);
        builder.push({ ...first, key: key(builder) });
      }
      const part = partOf(reference, [...path, field.name]);
      const shadow = direct.get(reference);
      if (shadow) for (const load of rest) direct.set(load.result, shadow);
      return part;
    });
    return { kind: 'parts', type: differentiableType(type, fields.map(({ field }) => field)), parts };
  };

  const parts = differentiated.map(({ name, value, hasDefault }): GradientPart => {
    const variable = hasDefault ? valueOrDefault(graph, value) : undefined;
    if (variable === undefined || holdsStructure(value.type)) return partOf(value, [name]);
    sources.push(value, variable);
    return { kind: 'number', sources: [variable] };
  });
  for (const value of others) direct.set(value, builder.shadow(value, `d_${value.name ?? 'arg'}`));
  const nodes = [...builder.nodes, ...graph.body.nodes.filter((node) => !moved.has(node))];
  return { graph: { ...graph, body: { ...graph.body, nodes } }, parts, direct, byParts, sources };
}

/** `b = 2`: what the function goes on with, the argument where it is present and the default where it is not. */
export function valueOrDefault(graph: Graph, param: Value): Value | undefined {
  const definitions = new Map(graph.body.nodes.flatMap((node) => results(node).map((value) => [value, node] as const)));
  for (const node of graph.body.nodes) {
    if (node.kind !== 'if' || node.then.exit.kind !== 'yield') continue;
    const test = definitions.get(node.condition);
    const given = node.then.nodes.find((inner) => inner.kind === 'apply' && inner.op === 'unwrap' && inner.operands[0] === param);
    const isPresent = test?.kind === 'apply' && test.op === 'present' && test.operands[0] === param;
    if (!isPresent || given?.kind !== 'apply') continue;
    return node.results[node.then.exit.values.indexOf(given.result)];
  }
  return undefined;
}

/** The gradient as a value that the companion returns. */
export function gradientValue(
  builder: BlockBuilder,
  part: GradientPart,
  adjointOf: (value: Value) => Value | undefined,
  name?: string,
): Value {
  switch (part.kind) {
    case 'number': {
      const adjoints = part.sources.map(adjointOf).filter((adjoint) => adjoint !== undefined);
      const [first, ...rest] = adjoints;
      if (first === undefined) return builder.literal(0, real);
      return rest.reduce((sum, adjoint) => builder.apply('add', [sum, adjoint], { type: real }), first);
    }
    case 'memory':
      return part.shadow;
    default: {
      const names = part.type.kind === 'record' ? part.type.fields.map((field) => field.name) : part.parts.map((_, i) => `${i}`);
      const values = part.parts.map((inner, i) => gradientValue(builder, inner, adjointOf, `${name}_${names[i]}`));
      return builder.alloc(part.type, { kind: part.type.kind === 'record' ? 'fields' : 'elements', values }, name);
    }
  }
}

function loadPart(builder: BlockBuilder, memory: Value, key: Key, type: Type): Value {
  const result = newValue(type);
  builder.push({ kind: 'load', memory, key, result });
  return result;
}

function holdsStructure(type: Type): boolean {
  const inner = type.kind === 'optional' ? type.of : type;
  return inner.kind === 'array' || inner.kind === 'record' || inner.kind === 'tuple' || inner.kind === 'recursive';
}

interface DifferentiableField {
  readonly field: Field;
  readonly key: (builder: BlockBuilder) => Key;
}

/** The fields that a gradient has; of a tuple every element, so that positions stay. */
function differentiableFields(type: RecordType | TupleType): readonly DifferentiableField[] {
  if (type.kind === 'record') {
    return type.fields.filter((field) => holdsReals(field.type)).map((field) => ({ field, key: () => atField(field.name) }));
  }
  return type.elements.map((element, i) => ({
    field: { name: `${i}`, type: element },
    key: (builder) => atIndex(builder.literal(i)),
  }));
}

function differentiableType(type: RecordType | TupleType, fields: readonly Field[]): RecordType | TupleType {
  return type.kind === 'record' ? { kind: 'record', fields } : { kind: 'tuple', elements: fields.map((field) => field.type) };
}

/** How references to parameters are used. */
class ReferenceUses {
  private readonly loads = new Map<Value, LoadNode[]>();
  private readonly otherwise = new Set<Value>();
  private readonly literals = new Map<Value, number>();

  constructor(graph: Graph) {
    visit(graph.body, (node, block) => {
      if (node.kind === 'literal' && typeof node.value === 'number') this.literals.set(node.result, node.value);
      const byPart = node.kind === 'load' && block === graph.body && this.keyOf(node) !== undefined;
      if (byPart) append(this.loads, node.memory, node);
      for (const operand of operands(node)) {
        if (byPart && operand === node.memory) continue;
        this.otherwise.add(operand);
      }
      if (node.kind === 'loop') {
        for (const value of [...node.done, ...exitOperands(node.body.exit), ...breaksOf(node.body).flat()]) {
          this.otherwise.add(value);
        }
      }
      if (node.kind === 'if') {
        for (const arm of [node.then, node.else]) exitOperands(arm.exit).forEach((value) => this.otherwise.add(value));
      }
    });
    exitOperands(graph.body.exit).forEach((value) => this.otherwise.add(value));
  }

  /** All it is used for is reading its fields in the function's own block. */
  isReadByParts(value: Value): boolean {
    return !this.otherwise.has(value);
  }

  loadsOf(value: Value, key: string): readonly LoadNode[] {
    return (this.loads.get(value) ?? []).filter((load) => this.keyOf(load) === key);
  }

  private keyOf(load: LoadNode): string | undefined {
    if (load.key.kind === 'field') return load.key.name;
    const index = this.literals.get(load.key.index);
    return index === undefined ? undefined : `${index}`;
  }
}
