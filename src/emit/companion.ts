/** One companion as text: its result's interface and its function. */

import type { Companion } from '../graph/primal.ts';
import type { CarryNode, Graph, ModuleReference, ShadowNode, Value } from '../graph/types.ts';
import { visit } from '../graph/walk.ts';
import { BodyPrinter } from './body.ts';
import { CommentRun, type Comments } from './comments.ts';
import { Demand } from './demand.ts';
import { Expressions } from './expressions.ts';
import type { FileNames } from './file-names.ts';
import { Folding } from './folding.ts';
import { framedLines } from './frames.ts';
import { valuesInOrder, writtenMemory } from './function-parts.ts';
import { MemoryTypes } from './memory-types.ts';
import { blankLine, printLines, statement } from './lines.ts';
import { Names, nameVariables } from './names.ts';
import { prepare } from './prepare.ts';
import { type CalledParts, frameUse } from './procedures.ts';
import { furtherChecks, trimming } from './gradients.ts';
import { earlyChecks, resultLines, type ResultTools, type ReturnedField } from './result.ts';
import { documentationText, headText, interfaceText } from './signature.ts';
import { type Variable, Variables } from './variables.ts';

/** Expects a graph whose storage is placed. */
export function companionText(companion: Companion, names: FileNames, parts: CalledParts, mayBeEntered: boolean, comments: Comments): string {
  const { signature } = companion;
  const graph = prepare(companion.graph);
  const demand = new Demand(graph.params, graph.body);
  const folding = new Folding(demand, graph.params, graph.body);
  const variables = new Variables(demand, folding, graph.params, graph.body);
  const paramNames = new Map([...signature.params, ...companion.further].map(({ name }, i) => [graph.params[i]!, name]));
  const fields = returnedFields(companion, graph);

  const scope = new Names(demand, [...names.reserved, ...parts.names, ...paramNames.values(), ...[...paramNames.values()].map((name) => `_${name}`)]);
  const hints = new Map(fields.map(({ name, value }) => [value, name]));
  nameVariables(variables, folding, demand, scope, valuesInOrder(graph), hints, paramNames);

  // While this one runs, a carried call may call a companion of the file: the workspace is taken meanwhile.
  const taken = takesWorkspace(companion);
  const read = new Set<Value>();
  const saved = new Map<Variable, string>();
  const types = new MemoryTypes(graph, demand, variables);
  const expressions = new Expressions({
    demand,
    types,
    folding,
    moduleName: names.moduleName,
    makeRoom: (size, held) => (taken ? `${names.enlarge}(${held ?? names.workspace}, ${size})` : `${names.reserve}(${size})`),
    partOf: parts.of,
    nameOf: (value) => {
      const param = paramNames.get(value);
      if (param === undefined) return saved.get(variables.of(value)) ?? variables.of(value).name;
      read.add(value);
      return param;
    },
  });
  const written = writtenMemory(graph, variables);
  const shadows = gradientShadows(graph);
  const resultTools: ResultTools = {
    text: (value) => expressions.text(value),
    objectOf: (value) => {
      const node = demand.definitions.get(value)?.node;
      return node?.kind === 'alloc' && folding.isReturnedObject(value) ? node : undefined;
    },
    gradientOf: (value) => shadows.get(value)?.of,
  };
  const checked = new Set<string>();
  const printer = new BodyPrinter({
    demand,
    folding,
    variables,
    names: scope,
    expressions,
    partOf: parts.of,
    frames: names.frames,
    checksLater: companion.kind === 'vjp',
    checksBeforeZeroing: (isDeclared) =>
      fields.flatMap((field) => {
        const lines = checked.has(field.name) ? undefined : earlyChecks(field, resultTools, isDeclared);
        if (lines !== undefined) checked.add(field.name);
        return lines ?? [];
      }),
    afterTaking: taken ? [statement(`${names.workspace} = new Float64Array(0);`)] : [],
    comments: new CommentRun(comments, graph.origin),
    saved,
    types,
    isWritten: (memory) => !graph.params.includes(memory) && written.has(variables.of(memory)),
  });
  const body = printer.block(graph.body);
  const end = resultLines(fields, resultTools, checked);
  const checks = furtherChecks(companion.further);
  const mentioned = new Set([...read].map((value) => paramNames.get(value)));
  for (const { name, like, lines } of checks) if (lines.length > 0) mentioned.add(name).add(like);
  const isRead = (name: string): boolean => mentioned.has(name);
  const head = headText(companion, isRead);
  const trims = [...shadows.values()].filter((shadow) => shadow.mayGrow).flatMap(({ of, result }) => trimming(of.type, expressions.text(result), expressions.primary(of)));
  const scratch = workspaceOf(graph);
  const givenBack = taken && scratch ? [statement(`${names.workspace} = ${expressions.text(scratch)};`)] : [];
  const printed = printLines([...checks.flatMap(({ lines }) => lines), ...body, ...trims, ...givenBack, blankLine, ...end]);
  const use = frameUse([graph, ...companion.procedures.map((part) => part.graph)]);
  const statements =
    use.numbers || use.references
      ? framedLines(names.frames, { ...use, mayBeEntered }, printed, (wish) => scope.fresh(wish, graph.body))
      : printed;
  return `${interfaceText(companion)}\n${documentationText(companion)}\n${head} {\n${statements.join('\n')}\n}\n`;
}

/** All names of other modules that the graph mentions. */
export function moduleReferences(graph: Graph): readonly ModuleReference[] {
  const found: ModuleReference[] = [];
  visit(graph.body, (node) => {
    if (node.kind !== 'carry') return;
    for (const piece of node.pieces) if (typeof piece === 'object' && 'kind' in piece) found.push(piece);
  });
  return found;
}

export function usesWorkspace(graph: Graph): boolean {
  return workspaceOf(graph) !== undefined;
}

/** Whether code that is not known can run while the companion holds scratch: it might call a companion of the same file. */
export function takesWorkspace(companion: Companion): boolean {
  return callsForeignCode(companion) && usesWorkspace(companion.graph);
}

/** Whether it runs code that is not known, itself or in a procedure. */
export function callsForeignCode({ graph, procedures }: Companion): boolean {
  let calls = false;
  for (const { body } of [graph, ...procedures.map((part) => part.graph)]) {
    visit(body, (node) => {
      calls ||= node.kind === 'carry' && node.effect && callsOut(node);
    });
  }
  return calls;
}

/** A call of something that the source names or was given. `Math.random()`, `Object.keys(o)` and `a.length` are none. */
function callsOut({ pieces }: CarryNode): boolean {
  if (!pieces.some((piece) => typeof piece === 'string' && piece.includes('('))) return false;
  const [callee] = pieces;
  const isGiven = typeof callee === 'object' && !('access' in callee);
  return isGiven || pieces.some((piece) => typeof piece === 'object' && 'access' in piece && piece.access.kind !== 'global');
}

function workspaceOf(graph: Graph): Value | undefined {
  let found: Value | undefined;
  visit(graph.body, (node) => {
    if (node.kind === 'workspace') found = node.result;
  });
  return found;
}

function returnedFields({ fields, signature }: Companion, graph: Graph): readonly ReturnedField[] {
  const { exit } = graph.body;
  if (exit.kind === 'throw') return [];
  if (exit.kind !== 'return') throw new Error('a function that does not return');
  return exit.values.map((value, i) => {
    const { name, shape } = fields[i]!;
    if (shape.kind === 'matrix') return { name, value, type: value.type, isDerivative: true, isCopied: false, isInPlace: true };
    const type = shape.kind === 'value' ? signature.result : shape.type;
    return { name, value, type, isDerivative: shape.kind !== 'value', isCopied: shape.kind !== 'value' || signature.resultCanBeWritten };
  });
}

function gradientShadows(graph: Graph): ReadonlyMap<Value, ShadowNode> {
  const found = new Map<Value, ShadowNode>();
  visit(graph.body, (node) => {
    if (node.kind === 'shadow' && node.gradientOf !== undefined) found.set(node.result, node);
  });
  return found;
}


