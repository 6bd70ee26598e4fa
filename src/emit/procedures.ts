/** Functions of a generated file that are no companions: procedures, and the halves of their derivatives. */

import { isNumberCell } from '../graph/build.ts';
import type { Companion, ProcedurePart } from '../graph/primal.ts';
import type { CallNode, Graph, Value } from '../graph/types.ts';
import { visit } from '../graph/walk.ts';
import { BodyPrinter } from './body.ts';
import { CommentRun, type Comments } from './comments.ts';
import { Demand } from './demand.ts';
import { Expressions } from './expressions.ts';
import { Folding } from './folding.ts';
import type { FileNames } from './file-names.ts';
import { valuesInOrder, writtenMemory } from './function-parts.ts';
import { MemoryTypes } from './memory-types.ts';
import { blankLine, printLines, statement, type Line } from './lines.ts';
import { Names, nameVariables, reservedWords } from './names.ts';
import { propertyName, isMemory, readonlyTypeText, typeText } from './type-text.ts';
import { type Variable, Variables } from './variables.ts';

/** What calls of a part look like. */
export interface CalledPart {
  readonly name: string;
  /** Names of the fields, where it gives several results. */
  readonly fields: readonly string[];
}

export type PartOf = (call: Pick<CallNode, 'callee' | 'variant'>) => CalledPart;

/** The functions that a companion calls. */
export interface CalledParts {
  readonly of: PartOf;
  /** Their names: no local of the companion may have one. */
  readonly names: readonly string[];
}

/** The procedures of one file: those that are alike are printed once. */
export class Procedures {
  private readonly printed = new Map<string, string>();
  private readonly names: FileNames;
  private readonly comments: Comments;
  private readonly taken: ReadonlySet<string>;

  /** `taken`: names that the file, its companions or their parameters have. */
  constructor(names: FileNames, comments: Comments, taken: Iterable<string>) {
    this.names = names;
    this.taken = new Set([...taken, ...reservedWords]);
    this.comments = comments;
  }

  /** Prints what the companion calls, and tells how it is called. */
  add(companion: Companion): CalledParts {
    const { procedures } = companion;
    for (let attempt = 0; ; attempt++) {
      const called = new Map(procedures.map((part) => [keyOf(part), calledPart(part, attempt)]));
      const partOf: PartOf = (call) => called.get(keyOf(call))!;
      const own = [...called.values()].map(({ name }) => name);
      const taken = { ...this.names, reserved: [...this.names.reserved, ...own] };
      const kept: KeptNames = new Map();
      const texts = procedures.map((part) => [partOf(part).name, procedureText(part, partOf, taken, this.comments, kept)] as const);
      if (texts.some(([name, text]) => this.taken.has(name) || (this.printed.get(name) ?? text) !== text)) continue;
      for (const [name, text] of texts) this.printed.set(name, text);
      return { of: partOf, names: own };
    }
  }

  texts(): readonly string[] {
    return [...this.printed.values()];
  }
}

function keyOf({ callee, variant }: Pick<CallNode, 'callee' | 'variant'>): string {
  return `${variant} ${callee}`;
}

function calledPart(part: ProcedurePart, attempt: number): CalledPart {
  const role = part.variant === 'value' || part.variant === 'section' ? '' : `_${part.variant}`;
  const base = /^[\p{ID_Start}$_]/u.test(part.callee) ? part.callee : `_${part.callee}`;
  return { name: `${base}${role}${attempt === 0 ? '' : `_${attempt}`}`, fields: fieldsOf(part) };
}

/** `value` for what the primal returns, the names of the values for all others. */
function fieldsOf({ graph, variant }: ProcedurePart): readonly string[] {
  const values = returnedBy(graph);
  const taken = new Set<string>();
  return values.map((value, i) => {
    const wish = variant === 'backward' || i > 0 ? (value.name ?? 'part') : 'value';
    let name = wish;
    for (let k = 1; taken.has(name); k++) name = `${wish}_${k}`;
    taken.add(name);
    return name;
  });
}

function returnedBy({ body }: Graph): readonly Value[] {
  return body.exit.kind === 'return' ? body.exit.values : [];
}

function procedureText(part: ProcedurePart, partOf: PartOf, names: FileNames, comments: Comments, kept: KeptNames): string {
  const { graph } = part;
  const demand = new Demand(graph.params, graph.body);
  const folding = new Folding(demand, graph.params.filter((param) => !isWrittenMeanwhile(graph, param)), graph.body);
  const variables = new Variables(demand, folding, graph.params, graph.body);
  const scope = new Names(demand, names.reserved);
  const paramNames = new Map(graph.params.map((param) => [param, scope.fresh(param.name ?? 'part', graph.body)]));
  nameVariables(variables, folding, demand, scope, valuesInOrder(graph), takenNames(graph, kept), paramNames);
  const saved = new Map<Variable, string>();
  // Callers may write to what comes back.
  const given = returnedBy(graph).filter((value) => !part.constant.has(value));
  const types = new MemoryTypes(graph, demand, variables, given);
  const expressions = new Expressions({
    demand,
    types,
    folding,
    moduleName: names.moduleName,
    makeRoom: (size) => `${names.reserve}(${size})`,
    partOf,
    nameOf: (value) => paramNames.get(value) ?? saved.get(variables.of(value)) ?? variables.of(value).name,
  });
  const written = writtenMemory(graph, variables, given);
  const printer = new BodyPrinter({
    demand,
    folding,
    variables,
    names: scope,
    expressions,
    partOf,
    frames: names.frames,
    checksLater: false,
    checksBeforeZeroing: () => [],
    afterTaking: [],
    comments: new CommentRun(comments, graph.origin),
    saved,
    types,
    isWritten: (memory) => graph.params.includes(memory) || written.has(variables.of(memory)),
  });
  const body = printer.block(graph.body);
  visit(graph.body, (node) => {
    if (node.kind === 'pushFrame') node.values.forEach((value, i) => !folding.isInlined(value) && kept.set(`${node.frame} ${i}`, expressions.text(value)));
  });
  const params = graph.params.map((param) => `${paramNames.get(param)!}: ${paramType(part, param)}`);
  const end = returnLine(part, partOf(part).fields, expressions);
  const lines = printLines([...body, ...(body.length > 1 && end.length > 0 ? [blankLine] : []), ...end]);
  return `${documentation(part)}\nfunction ${partOf(part).name}(${params.join(', ')}): ${resultType(part, partOf(part).fields)} {\n${lines.join('\n')}\n}\n`;
}

/** Whether the memory of a parameter may be written while the procedure runs, by whatever name. */
function isWrittenMeanwhile({ procedure }: Graph, param: Value): boolean {
  return procedure === undefined || procedure.shared.has(param) || procedure.shadows?.has(param) === true;
}

/** Memory that it does not write may be an argument's. */
function paramType({ written }: ProcedurePart, param: Value): string {
  return written.has(param) || !isMemory(param.type) ? typeText(param.type) : readonlyTypeText(param.type);
}

function returnLine(part: ProcedurePart, fields: readonly string[], expressions: Expressions): readonly Line[] {
  const values = returnedBy(part.graph);
  const [only] = values;
  if (only === undefined) return [];
  if (values.length === 1) return [statement(`return ${expressions.text(only)};`)];
  const texts = values.map((value, i) => {
    const text = expressions.text(value);
    return text === fields[i] ? text : `${propertyName(fields[i]!)}: ${text}`;
  });
  return [statement(`return { ${texts.join(', ')} };`)];
}

function resultType({ graph, constant }: ProcedurePart, fields: readonly string[]): string {
  const values = returnedBy(graph);
  const text = (value: Value): string => (constant.has(value) ? readonlyTypeText(value.type) : typeText(value.type));
  if (values.length === 0) return 'void';
  if (values.length === 1) return text(values[0]!);
  return `{ ${values.map((value, i) => `${propertyName(fields[i]!)}: ${text(value)}`).join('; ')} }`;
}

function documentation({ callee, variant, graph }: ProcedurePart): string {
  if (variant === 'value') return `/** \`${callee}\`, as it is. */`;
  if (variant === 'tangent') return `/** \`${callee}\` with the tangents of its arguments, to those of its results. */`;
  if (variant === 'gradient') return `/** \`${callee}\`, and on the way the gradients of its arguments for the cotangent that it is handed. */`;
  if (variant === 'section') return `/** A part of \`${callee.replace(/_\d+$/, '')}\`, which would be too long to be optimised as a whole. */`;
  if (variant === 'backward') {
    return hasFrames(graph) ? `/** Reverses the last \`${callee}_forward\` that still has its frames, and takes them off. */` : `/** Reverses \`${callee}_forward\`. */`;
  }
  return hasFrames(graph)
    ? `/** \`${callee}\`; leaves what its backward half needs above the frames of the calls that it makes. */`
    : `/** \`${callee}\`; its backward half needs nothing but the arguments. */`;
}

function hasFrames(graph: Graph): boolean {
  let found = false;
  visit(graph.body, (node) => {
    if (node.kind === 'pushFrame' || node.kind === 'popFrame') found = true;
  });
  return found;
}

/** What forward halves call the values that they keep, by frame and place: the backward ones call them the same. */
type KeptNames = Map<string, string>;

function takenNames(graph: Graph, kept: KeptNames): ReadonlyMap<Value, string> {
  const names = new Map<Value, string>();
  visit(graph.body, (node) => {
    if (node.kind !== 'popFrame') return;
    node.results.forEach((value, i) => {
      const name = kept.get(`${node.frame} ${i}`);
      if (name !== undefined) names.set(value, name);
    });
  });
  return names;
}

/** Whether a graph puts anything on the stack of frames, and whether references are among it. */
export function frameUse(graphs: readonly Graph[]): { readonly numbers: boolean; readonly references: boolean } {
  let [numbers, references] = [false, false];
  for (const graph of graphs) {
    visit(graph.body, (node) => {
      if (node.kind !== 'pushFrame') return;
      for (const value of node.values) {
        if (isNumberCell(value.type)) numbers = true;
        else references = true;
      }
    });
  }
  return { numbers, references };
}
