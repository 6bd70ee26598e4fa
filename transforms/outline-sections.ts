/**
 * Cuts a function that is too long into sections, functions of their own that are called one after the other: V8 optimises none of more
 * than 61,440 bytes of bytecode (`v8::internal::v8_flags.max_optimized_bytecode_size`), and interprets the rest for ever.
 *
 *     long_1(x, y);                      function long_1(x: number, y: number): void {
 *     long_2(x);                           …
 *     const value = between[7]!;           between[7] = a_400;
 *                                        }
 *
 * Memory is made where it was made, and handed on. Numbers of one section that others read lie in an array of the file (`between`): nobody
 * enters such a function a second time while it runs, as long as it calls nothing that is not known. Cuts lie between statements of the
 * function's own block: a loop stays whole. Runs last, when storage is placed.
 */

import { atIndex, BlockBuilder, boolean, isNumberCell, real, workspaceType } from '../src/graph/build.ts';
import type { ProcedurePart } from '../src/graph/primal.ts';
import type { Primitive } from '../src/graph/primitives.ts';
import type { Graph, LiteralNode, ModuleReference, Node, Value } from '../src/graph/types.ts';
import { exitOperands, readsOf, results, substitute, visit, visitNodes } from '../src/graph/walk.ts';
import { markWritten } from './procedures/written.ts';

/** In estimated bytes of bytecode. */
export interface SectionSizes {
  /** Functions up to this size stay whole. */
  readonly limit: number;
  readonly section: number;
  /** What is smaller is not worth a call. */
  readonly smallest: number;
}

const usual: SectionSizes = { limit: 50_000, section: 20_000, smallest: 2_000 };

/** A companion's function and those that it calls. */
export interface Functions {
  readonly main: Graph;
  readonly parts: readonly ProcedurePart[];
}

export function outlineSections({ main, parts }: Functions, sizes: SectionSizes = usual): Functions {
  const { nodes } = main.body;
  if (sizeOf(nodes) <= sizes.limit || [main, ...parts.map(({ graph }) => graph)].some(mayBeEntered)) return { main, parts };
  const sections = sectionsOf(main, sizes);
  if (sections.length === 0) return { main, parts };
  const outlined = new Outliner(main, sections).run();
  return { main: outlined.main, parts: markWritten([...parts, ...outlined.parts]) };
}

// ------------------------------------------------------------------------------------------------ sizes

const short: ReadonlySet<Primitive> = new Set(['add', 'sub', 'mul', 'div', 'neg', 'lt', 'le', 'gt', 'ge', 'eq', 'ne', 'not', 'and', 'or', 'select', 'guard']);

/** Roughly: operands of long functions are wide. */
function sizeOf(nodes: readonly Node[]): number {
  let size = 0;
  visitNodes(nodes, (node) => {
    if (node.kind === 'literal') return;
    size += node.kind === 'apply' && !short.has(node.op) ? 36 : 14;
  });
  return size;
}

// ------------------------------------------------------------------------------------------------ where to cut

type Section = readonly Node[];

/** Runs of nodes that hand on numbers and booleans only, of the size of a section. */
function sectionsOf({ body }: Graph, sizes: SectionSizes): readonly Section[] {
  const staying = new Set(body.nodes.filter(mustStay));
  for (;;) {
    const sections = runsOf(body.nodes, staying).flatMap((run) => cut(run, sizes.section)).filter((section) => sizeOf(section) >= sizes.smallest);
    const home = new Map(sections.flatMap((section) => section.map((node) => [node, section] as const)));
    const usedIn = usersOf(body.nodes, exitOperands(body.exit));
    const blocking = sections.flatMap((section) =>
      section.filter((node) => results(node).some((value) => !isNumberCell(value.type) && [...(usedIn.get(value) ?? [])].some((user) => user === undefined || home.get(user) !== section))),
    );
    if (blocking.length === 0) return sections;
    for (const node of blocking) staying.add(node);
  }
}

/** What makes memory, or takes more of what the function shares with others. */
function mustStay(node: Node): boolean {
  if (node.kind === 'alloc' || node.kind === 'shadow' || node.kind === 'call' || node.kind === 'workspace') return true;
  let shares = false;
  visitNodes([node], ({ kind }) => void (shares ||= kind === 'workspace' || kind === 'pushFrame' || kind === 'popFrame'));
  return shares;
}

function runsOf(nodes: readonly Node[], staying: ReadonlySet<Node>): readonly Section[] {
  const runs: Node[][] = [[]];
  for (const node of nodes) {
    if (staying.has(node)) runs.push([]);
    else runs.at(-1)!.push(node);
  }
  return runs.filter((run) => run.length > 0);
}

function cut(run: Section, most: number): readonly Section[] {
  const sections: Node[][] = [[]];
  let size = 0;
  for (const node of run) {
    size += sizeOf([node]);
    if (size > most && sections.at(-1)!.length > 0) {
      sections.push([]);
      size = sizeOf([node]);
    }
    sections.at(-1)!.push(node);
  }
  return sections;
}

/** Which nodes of the function's own block read a value; `undefined` stands for its end. */
function usersOf(nodes: readonly Node[], returned: readonly Value[]): ReadonlyMap<Value, ReadonlySet<Node | undefined>> {
  const users = new Map<Value, Set<Node | undefined>>();
  const note = (value: Value, user: Node | undefined): void => void users.set(value, (users.get(value) ?? new Set()).add(user));
  for (const node of nodes) for (const value of readsOf(node)) note(value, node);
  for (const value of returned) note(value, undefined);
  return users;
}

/** Whether code that is not known runs meanwhile: it might call the function again. */
function mayBeEntered({ body }: Graph): boolean {
  let found = false;
  visit(body, (node) => void (found ||= node.kind === 'carry' && node.effect));
  return found;
}

// ------------------------------------------------------------------------------------------------ cutting

class Outliner {
  private readonly graph: Graph;
  private readonly sections = new Map<Node, Section>();
  private readonly home = new Map<Value, Section>();
  private readonly literals = new Map<Value, LiteralNode>();
  /** Places of numbers in the array of the file. */
  private readonly places = new Map<Value, number>();
  private readonly between: ModuleReference;

  constructor(graph: Graph, sections: readonly Section[]) {
    this.graph = graph;
    for (const section of sections) for (const node of section) this.sections.set(node, section);
    for (const node of graph.body.nodes) if (node.kind === 'literal') this.literals.set(node.result, node);
    for (const section of sections) for (const node of section) for (const value of results(node)) this.home.set(value, section);
    const usedIn = usersOf(graph.body.nodes, exitOperands(graph.body.exit));
    for (const [value, section] of this.home) {
      const isHandedOn = [...(usedIn.get(value) ?? [])].some((user) => user === undefined || this.sections.get(user) !== section);
      if (isHandedOn && !this.literals.has(value)) this.places.set(value, this.places.size);
    }
    this.between = {
      kind: 'module',
      name: `${graph.name}_between`,
      file: `sections of ${graph.name}: ${this.places.size} numbers, ${sections.length} functions`,
      access: { kind: 'copy', text: `new Float64Array(${this.places.size})`, documentation: `Numbers that a part of \`${graph.name}\` leaves to later ones.` },
    };
  }

  run(): Functions {
    const parts: ProcedurePart[] = [];
    const nodes: Node[] = [];
    const names = new Map<Value, Value>();
    let last: Section | undefined;
    for (const node of this.graph.body.nodes) {
      const section = this.sections.get(node);
      if (section === undefined) nodes.push(...this.renamed([node], names));
      else if (section !== last) {
        const part = this.part(section, parts.length + 1);
        parts.push(part);
        const call = new BlockBuilder(undefined, node.backward ?? false);
        call.call(part.callee, 'section', part.graph.params.map((param) => names.get(param) ?? param), []);
        nodes.push(...call.nodes);
      }
      last = section;
    }
    const { exit } = this.graph.body;
    if (exit.kind !== 'return') throw new Error('a function that does not return');
    const end = new BlockBuilder(undefined, true);
    const values = exit.values.map((value) => this.fetched(value, end, names, undefined));
    return { main: { ...this.graph, body: { ...this.graph.body, nodes: [...nodes, ...end.nodes], exit: { kind: 'return', values } } }, parts };
  }

  /** The nodes, with what they read of other sections taken from the array first. */
  private renamed(nodes: readonly Node[], names: Map<Value, Value>, own?: Section): readonly Node[] {
    return nodes.flatMap((node): readonly Node[] => {
      const before = new BlockBuilder(node.origin, node.backward ?? false);
      for (const value of readsOf(node)) this.fetched(value, before, names, own);
      const after = new BlockBuilder(node.origin, node.backward ?? false);
      if (own) for (const value of results(node)) this.store(value, after);
      const [inner] = substitute({ params: [], nodes: [node], exit: { kind: 'yield', values: [] } }, (value) => names.get(value) ?? value).nodes;
      return [...before.nodes, inner!, ...after.nodes];
    });
  }

  /** What a section, or the function itself, calls the value. */
  private fetched(value: Value, builder: BlockBuilder, names: Map<Value, Value>, own: Section | undefined): Value {
    const known = names.get(value);
    if (known !== undefined) return known;
    const literal = this.literals.get(value);
    const home = this.home.get(value);
    if (home === own && (home !== undefined || literal === undefined)) return value;
    if (literal !== undefined) {
      if (home === undefined && own === undefined) return value;
      const again = builder.literal(literal.value, value.type);
      names.set(value, again);
      return again;
    }
    const place = this.places.get(value);
    if (place === undefined) return value;
    const number = builder.load(this.array(builder), atIndex(builder.literal(place)), value.type.kind === 'boolean' ? real : value.type, value.name);
    const result = value.type.kind === 'boolean' ? builder.apply('ne', [number, builder.literal(0)], { type: boolean }) : number;
    names.set(value, result);
    return result;
  }

  private store(value: Value, builder: BlockBuilder): void {
    const place = this.places.get(value);
    if (place === undefined) return;
    const number = value.type.kind === 'boolean' ? builder.apply('select', [value, builder.literal(1), builder.literal(0)]) : value;
    builder.store(this.array(builder), atIndex(builder.literal(place)), number);
  }

  private array(builder: BlockBuilder): Value {
    return builder.carry([this.between], workspaceType);
  }

  private part(section: Section, number: number): ProcedurePart {
    const names = new Map<Value, Value>();
    const nodes = this.renamed(section, names, section);
    const made = new Set<Value>();
    visitNodes(nodes, (node) => {
      for (const value of results(node)) made.add(value);
      if (node.kind === 'loop') for (const value of [...node.body.params, ...(node.counter ? [node.counter.variable] : [])]) made.add(value);
    });
    const params = [...new Set(nodes.flatMap(readsOf))].filter((value) => !made.has(value));
    const callee = `${this.graph.name}_${number}`;
    const { procedure: _facts, ...plain } = this.graph;
    return {
      callee,
      variant: 'section',
      graph: { ...plain, name: callee, params, body: { params: [], nodes, exit: { kind: 'return', values: [] } } },
      written: new Set(),
      constant: new Set(),
    };
  }
}
