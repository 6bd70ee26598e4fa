/** Which memory the functions of a companion write to, or hand back although it is never written: their types say so. */

import type { ProcedurePart } from '../../src/graph/primal.ts';
import type { CallNode, Graph, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { exitOperands, visit } from '../../src/graph/walk.ts';
import { analyseMemory, breaksOf, isReference } from '../memory.ts';

/** What a part does with the memory of its parameters. */
interface Doings {
  readonly written: Set<Value>;
  /** The results through which a parameter comes back, by place. */
  readonly returned: Map<Value, Set<number>>;
}

/** Expects the parts of one companion, each with all that it calls; afterwards `written` of each is what it writes. */
export function markWritten(parts: readonly ProcedurePart[]): readonly ProcedurePart[] {
  const doings = new Map<ProcedurePart, Doings>(parts.map((part) => [part, { written: new Set(), returned: new Map() }]));
  const called = (call: CallNode): ProcedurePart | undefined => parts.find((part) => part.callee === call.callee && part.variant === call.variant);
  for (let changed = true; changed; ) {
    changed = false;
    for (const part of parts) {
      for (const param of part.graph.params) if (isReference(param.type) && follow(part, param, called, doings)) changed = true;
    }
  }
  return parts.map((part) => ({ ...part, written: doings.get(part)!.written }));
}

/** Results of a primal procedure that may be an argument's memory, or a constant's. */
export function constantResults(primal: Graph): ReadonlySet<Value> {
  const memory = analyseMemory(primal);
  const returned = exitOperands(primal.body.exit);
  const declared = primal.procedure?.returnsReadonly ? returned.slice(0, 1) : [];
  return new Set([...declared, ...returned.filter((value) => [...memory.reachableFrom(value)].some((root) => memory.isReadOnly(root)))]);
}

/** Follows a parameter's memory through the graph; whether something new was found. */
function follow(
  part: ProcedurePart,
  param: Value,
  called: (call: CallNode) => ProcedurePart | undefined,
  doings: ReadonlyMap<ProcedurePart, Doings>,
): boolean {
  const { graph, constant } = part;
  const own = doings.get(part)!;
  const reached = new Set<Value>([param]);
  const returnedBy = (call: CallNode): readonly (readonly [Value, Value])[] => {
    const callee = called(call);
    if (callee === undefined) return [];
    const { returned } = doings.get(callee)!;
    return call.operands.flatMap((operand, i) => [...(returned.get(callee.graph.params[i]!) ?? [])].map((place) => [operand, call.results[place]!] as const));
  };
  const writes = (node: Node): boolean => {
    if (node.kind === 'store' || node.kind === 'accumulate' || node.kind === 'resize') return reached.has(node.memory);
    if (node.kind !== 'call') return false;
    const callee = called(node);
    return callee !== undefined && node.operands.some((operand, i) => reached.has(operand) && doings.get(callee)!.written.has(callee.graph.params[i]!));
  };
  let written = false;
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    visit(graph.body, (node) => {
      if (writes(node)) written = true;
      for (const [from, to] of node.kind === 'call' ? returnedBy(node) : referencesThrough(node)) if (reached.has(from)) reached.add(to);
    });
  }
  const places = exitOperands(graph.body.exit).flatMap((value, place) => (reached.has(value) ? [place] : []));
  // Callers may write to what comes back.
  if (exitOperands(graph.body.exit).some((value) => reached.has(value) && !constant.has(value))) written = true;
  const known = own.returned.get(param) ?? new Set<number>();
  const isNew = (written && !own.written.has(param)) || places.some((place) => !known.has(place));
  if (written) own.written.add(param);
  own.returned.set(param, new Set([...known, ...places]));
  return isNew;
}

/** The ways in which a reference, or one that is reached through it, gets another name. */
function referencesThrough(node: Node): readonly (readonly [Value, Value])[] {
  switch (node.kind) {
    case 'load':
    case 'view':
      return isReference(node.result.type) ? [[node.memory, node.result]] : [];
    case 'store':
      return [[node.value, node.memory]];
    case 'resize':
      return [...(node.value ? [[node.value, node.memory] as const] : []), ...(node.result ? [[node.memory, node.result] as const] : [])];
    case 'alloc': {
      const { init, result } = node;
      if (init.kind === 'copy') return holdsReferences(result) ? [[init.of, result]] : [];
      return init.kind === 'elements' || init.kind === 'fields' ? init.values.map((value) => [value, result] as const) : [];
    }
    case 'apply':
      return isReference(node.result.type) ? node.operands.map((operand) => [operand, node.result] as const) : [];
    case 'if':
      return node.results.flatMap((result, i) =>
        [node.then, node.else].flatMap((arm) => (arm.exit.kind === 'yield' ? [[arm.exit.values[i]!, result] as const] : [])),
      );
    case 'loop':
      return throughLoop(node);
    default:
      return [];
  }
}

function throughLoop({ body, initial, done, results }: LoopNode): readonly (readonly [Value, Value])[] {
  const next = body.exit.kind === 'yield' ? body.exit.values : [];
  const ends = [done, ...breaksOf(body)];
  return [
    ...body.params.flatMap((param, i) => [initial[i], next[i]].flatMap((value) => (value ? [[value, param] as const] : []))),
    ...results.flatMap((result, i) => ends.flatMap((values) => (values[i] ? [[values[i], result] as const] : []))),
  ];
}

function holdsReferences({ type }: Value): boolean {
  if (type.kind === 'array') return isReference(type.element);
  if (type.kind === 'tuple') return type.elements.some(isReference);
  return type.kind === 'record' && type.fields.some((field) => isReference(field.type));
}
