/**
 * The statements of a function, block by block.
 *
 * Values that are not folded into their reader are written to their variable; exits copy what they yield where it does not
 * already stand in the variable of the result.
 */

import type { AllocNode, Block, CallNode, Exit, IfNode, Node, Origin, Type, Value, WorkspaceNode } from '../graph/types.ts';
import { hasEffect, mayBreak, operands } from '../graph/walk.ts';
import type { CommentRun } from './comments.ts';
import type { Demand } from './demand.ts';
import type { Expressions } from './expressions.ts';
import { armValues, type Folding } from './folding.ts';
import type { FrameNames } from './file-names.ts';
import { popLines, pushLines } from './frames.ts';
import { gradientMemory, matrixMemory, zerosLike } from './gradients.ts';
import { blankLine, compound, statement, type Declaration, type Line } from './lines.ts';
import { printLoop, type LoopFrame } from './loops.ts';
import { sequence } from './moves.ts';
import type { Names } from './names.ts';
import { isInferredInCircle } from './narrowing.ts';
import type { PartOf } from './procedures.ts';
import { isBackward, isNewPart, mayPrecedeChecks, type Part, partOf } from './sections.ts';
import type { MemoryTypes } from './memory-types.ts';
import { isMemory, propertyName } from './type-text.ts';
import type { Variable, Variables } from './variables.ts';

export interface Copy {
  readonly target: Value;
  readonly source: Value;
}

export interface BodyTools {
  readonly demand: Demand;
  readonly folding: Folding;
  readonly variables: Variables;
  readonly names: Names;
  readonly expressions: Expressions;
  readonly partOf: PartOf;
  readonly frames: FrameNames;
  /** What follows the statement that takes the workspace. */
  readonly afterTaking: readonly Line[];
  readonly comments: CommentRun;
  /** Overrides the name of a variable while copies are under way. */
  readonly saved: Map<Variable, string>;
  /** What `let` variables that hold memory are declared as. */
  readonly types: MemoryTypes;
  /** Something is still to be checked when the forward sweep has run: gradients are zeroed behind that. */
  readonly checksLater: boolean;
  /** What else is compared before anything is written, as far as what it is compared with is declared by then. */
  readonly checksBeforeZeroing: (isDeclared: (value: Value) => boolean) => readonly Line[];
  /** Whether the function writes to the memory. */
  readonly isWritten: (memory: Value) => boolean;
}

export class BodyPrinter {
  readonly tools: BodyTools;
  private readonly declarations = new Map<Variable, Declaration>();
  private readonly frames: LoopFrame[] = [];
  private readonly byScope = new Map<Block, Variable[]>();
  /** Of what is going to be written to; undefined where there is none. */
  private zeroing: Line[] | undefined;

  constructor(tools: BodyTools) {
    this.tools = tools;
    for (const variable of tools.variables.all()) {
      const known = this.byScope.get(variable.scope!);
      if (known) known.push(variable);
      else this.byScope.set(variable.scope!, [variable]);
    }
  }

  /** The block's nodes and what its exit does; `return` is left to the caller. */
  block(block: Block, from = 0): Line[] {
    const lines: Line[] = [];
    let part: Part | undefined;
    for (let index = from; index < block.nodes.length; index++) {
      const node = block.nodes[index]!;
      if (this.mayBeZeroed(node, block)) lines.push(...this.takeZeroing());
      const printed = this.node(node, block, index);
      if (printed.length === 0) continue;
      const next = partOf(node, part);
      if (block.exit.kind === 'return' && isNewPart(part, next)) lines.push(blankLine);
      part = next;
      lines.push(...printed);
    }
    if (block.exit.kind === 'return') lines.push(...this.takeZeroing());
    lines.push(...this.exit(block.exit, block));
    return lines;
  }

  /** Whether all checks are printed that stand before `node`. */
  private mayBeZeroed(node: Node, block: Block): boolean {
    if (!this.tools.checksLater) return !mayPrecedeChecks(node);
    return block.exit.kind === 'return' && isBackward(node);
  }

  private exit(exit: Exit, block: Block): Line[] {
    switch (exit.kind) {
      case 'return':
        return [];
      case 'throw':
        return [statement(`throw ${this.tools.expressions.text(exit.error)};`)];
      case 'break': {
        const frame = this.frames.at(-1)!;
        const copies = this.neededCopies(frame.node.results, exit.values);
        const isEnd = frame.isBlock && block === frame.node.body;
        return [...this.copies(copies, block), ...(isEnd ? [] : [statement(this.breakText(frame))])];
      }
      default: {
        const owner = this.tools.demand.parents.get(block)?.node;
        if (owner?.kind === 'loop') return this.copies(this.neededCopies(owner.body.params, exit.values), block);
        if (owner?.kind !== 'if') return [];
        const { early } = this.tools.variables;
        const copies = this.neededCopies(owner.results, exit.values);
        return this.copies(copies.filter(({ target, source }) => early.get(target) !== source), block);
      }
    }
  }

  private breakText(frame: LoopFrame): string {
    if (frame.label === undefined && !frame.isBlock) return 'break;';
    return `break ${this.label(frame)};`;
  }

  label(frame: LoopFrame): string {
    frame.usedLabel ??= this.tools.names.label(frame.label ?? 'once');
    return frame.usedLabel;
  }

  enter(frame: LoopFrame): void {
    this.frames.push(frame);
  }

  leave(): void {
    this.frames.pop();
  }

  neededCopies(targets: readonly Value[], sources: readonly Value[]): Copy[] {
    return targets.flatMap((target, i) => {
      const source = sources[i];
      return source !== undefined && this.tools.demand.isNeeded(target) ? [{ target, source }] : [];
    });
  }

  /** Statements that copy all sources to their targets at once; what stands there already is not copied. */
  copies(copies: readonly Copy[], block: Block): Line[] {
    const { folding, variables, expressions, names, saved } = this.tools;
    const moves = copies
      .filter(({ target, source }) => !variables.isSame(target, source))
      .filter((copy) => !this.isLeftUnassigned(copy))
      .map((copy) => {
        const leaves = [...folding.leaves(copy.source)];
        const reads = new Set(leaves.filter((leaf) => !this.isParameter(leaf)).map((leaf) => variables.of(leaf)));
        return { ...copy, target: variables.of(copy.target), value: copy.target, reads };
      });
    const lines: Line[] = [];
    for (const step of sequence<Variable, (typeof moves)[number]>(moves)) {
      if (step.kind === 'move') {
        lines.push(this.write(step.move.value, expressions.text(step.move.source), this.literalOrigin(step.move.source)));
      } else if (step.kind === 'swap') {
        const [a, b] = step.moves;
        [a, b].forEach((move) => this.writtenAgain(move.target));
        const targets = `[${a.target.name}, ${b.target.name}]`;
        lines.push(statement(`${targets} = [${expressions.text(a.source)}, ${expressions.text(b.source)}];`));
      } else {
        const name = names.fresh(`${step.slot.name}_before`, block);
        lines.push(statement(`const ${name} = ${step.slot.name};`));
        saved.set(step.slot, name);
      }
    }
    saved.clear();
    return lines;
  }

  /** Nothing is to be copied to a variable that nobody reads on this path; it only has to hold something. */
  private isLeftUnassigned({ target, source }: Copy): boolean {
    const declaration = this.declarations.get(this.tools.variables.of(target));
    if (!declaration || !this.tools.folding.literalOf(source)?.unassigned) return false;
    if (declaration.withoutValue) declaration.placeholder = this.tools.expressions.text(source);
    return true;
  }

  private isParameter(value: Value): boolean {
    return this.tools.demand.definitions.get(value)?.node === undefined;
  }

  private literalOrigin(source: Value): readonly Origin[] {
    const node = this.tools.expressions.foldedNode(source);
    return node?.kind === 'literal' && node.value !== 0 ? originsOf(this.tools, node) : [];
  }

  /** Early values of results, see `Variables.early`. */
  early(targets: readonly Value[], block: Block, index: number): Line[] {
    const { demand, variables, expressions } = this.tools;
    return targets.flatMap((target) => {
      const source = variables.early.get(target);
      if (source === undefined || !demand.isNeeded(target) || variables.isSame(target, source)) return [];
      if (this.isLeftUnassigned({ target, source }) || this.isHeld(target, source, block, index)) return [];
      return [this.write(target, expressions.text(source), this.literalOrigin(source))];
    });
  }

  /** The `if` around has given the variable that value, and nothing has been written to it since. */
  private isHeld(target: Value, source: Value, block: Block, index: number): boolean {
    const { demand, variables } = this.tools;
    const owner = demand.parents.get(block)?.node;
    if (owner?.kind !== 'if') return false;
    const isGiven = owner.results.some((result) => variables.early.get(result) === source && demand.isNeeded(result) && variables.isSame(result, target));
    if (!isGiven) return false;
    return !variables.of(target).members.some((member) => this.indexIn(block, member) < index);
  }

  /** Where in the block the value is defined, at any depth; behind its end for values from elsewhere. */
  private indexIn(block: Block, value: Value): number {
    const { demand } = this.tools;
    const definition = demand.definitions.get(value)!;
    if (definition.block === block) return definition.index;
    for (let up = demand.parents.get(definition.block); up !== undefined; up = demand.parents.get(up.block)) {
      if (up.block === block) return up.index;
    }
    return block.nodes.length;
  }

  /** Declares what the node at `index` writes inside its own blocks, and belongs to the block around it. */
  declareFor(block: Block, index: number): Line[] {
    const lines: Line[] = [];
    for (const variable of this.byScope.get(block) ?? []) {
      if (this.declarations.has(variable) || variable.isCounter) continue;
      if (!variable.members.some((member) => this.indexIn(block, member) === index)) continue;
      const annotation = `: ${this.tools.types.textOf(variable)}`;
      const declaration: Declaration = { keyword: 'let', name: variable.name, annotation, alwaysAnnotated: true, withoutValue: true };
      this.declarations.set(variable, declaration);
      lines.push({ declaration, text: ';', comment: '' });
    }
    return lines;
  }

  /** A statement that gives the variable of `target` the value of the expression. */
  write(target: Value, text: string, origins: readonly Origin[], annotated = false): Line {
    const variable = this.tools.variables.of(target);
    const comment = this.tools.comments.next(origins);
    if (this.declarations.has(variable)) {
      this.writtenAgain(variable);
      return statement(`${variable.name} = ${text};`, comment);
    }
    const declaration: Declaration = {
      keyword: 'const',
      name: variable.name,
      annotation: annotated ? `: ${this.tools.types.textOf(variable)}` : this.tools.types.annotationOf(variable),
      withoutValue: false,
      alwaysAnnotated: annotated || (isUntypedLiteral(text) && isMemory(variable.type)),
    };
    this.declarations.set(variable, declaration);
    return { declaration, text: ` = ${text};`, comment };
  }

  isDeclared(variable: Variable): boolean {
    return this.declarations.has(variable);
  }

  /** The variable is no constant. */
  writtenAgain(variable: Variable): void {
    const declaration = this.declarations.get(variable);
    if (declaration) declaration.keyword = 'let';
  }

  node(node: Node, block: Block, index: number): Line[] {
    const { demand, folding, expressions } = this.tools;
    if (!demand.isLive(node)) return [];
    if (node.kind === 'shadow' && node.gradientOf !== undefined) return this.gradient(node);
    if (node.kind === 'alloc' && node.resultField !== undefined) return this.matrix(node, node.resultField);
    switch (node.kind) {
      case 'if':
        return folding.isExpression(node) ? this.definition(node, node.results[0]!) : this.choice(node, block, index);
      case 'loop':
        return printLoop(this, node, block, index);
      case 'store':
        return [this.effect(`${expressions.place(node.memory, node.key)} = ${expressions.text(node.value)};`, node)];
      case 'accumulate':
        return [this.effect(this.accumulation(node), node)];
      case 'workspace':
        return node.grows ? [this.growth(node)] : [...this.definition(node, node.result), ...this.tools.afterTaking];
      case 'resize':
        if (node.result && demand.isNeeded(node.result)) return this.definition(node, node.result);
        return [this.effect(`${expressions.ofNode(node).replace(/!$/, '')};`, node)];
      case 'call':
        return this.call(node);
      case 'pushFrame':
        return [...pushLines(node, this.tools.frames, () => this.tools.names.fresh('ws', block), (value) => expressions.text(value))];
      case 'popFrame':
        return [...popLines(node, this.tools.frames, (value, text) => (demand.isNeeded(value) ? this.write(value, text, []) : undefined))];
      case 'carry':
        if (node.effect && !demand.isNeeded(node.result)) return [this.effect(`${carried(expressions.ofNode(node))};`, node)];
        return this.definition(node, node.result);
      case 'undo':
      case 'restore':
      case 'rule':
        throw new Error(`${node.kind} after storage was placed`);
      default:
        return this.definition(node, node.result);
    }
  }

  /** In a loop there is enough room mostly: a call each time would cost more. Functions that are called may have taken a larger one. */
  private growth(node: WorkspaceNode): Line {
    const { demand, expressions, variables } = this.tools;
    this.writtenAgain(variables.of(node.result));
    const held = expressions.text(node.result);
    const taking = this.effect(`${held} = ${expressions.ofNode(node)};`, node);
    if (this.frames.length === 0 || demand.hasCalls) return taking;
    return compound(`if (${held}.length < ${expressions.text(node.size)})`, [taking]);
  }

  private gradient(node: Extract<Node, { kind: 'shadow' }>): Line[] {
    const { expressions } = this.tools;
    const length = this.lengthOf(node.of);
    const { lines, zeroing } = gradientMemory(node, expressions.text(node.result), expressions.primary(node.of), length);
    this.zeroing = [...(this.zeroing ?? []), ...zeroing];
    return lines;
  }

  private matrix(node: AllocNode, field: NonNullable<AllocNode['resultField']>): Line[] {
    const { expressions } = this.tools;
    if (node.init.kind !== 'zeros') throw new Error('a matrix begins with zeros');
    const { lines, zeroing } = matrixMemory(expressions.text(node.result), expressions.text(node.init.length), field);
    this.zeroing = [...(this.zeroing ?? []), ...zeroing];
    return lines;
  }

  /** The constant that holds the length of the array, where it has been printed already. */
  private lengthOf(memory: Value): string | undefined {
    const { demand, variables, folding } = this.tools;
    for (const { block, index } of demand.usesOf(memory)) {
      const node = block.nodes[index];
      if (node?.kind !== 'length' || node.memory !== memory || folding.isInlined(node.result)) continue;
      const variable = variables.of(node.result);
      if (this.declarations.has(variable)) return variable.name;
    }
    return undefined;
  }

  private takeZeroing(): Line[] {
    const lines = this.zeroing;
    this.zeroing = undefined;
    const isDeclared = (value: Value): boolean => this.declarations.has(this.tools.variables.of(value));
    return lines === undefined ? [] : [...this.tools.checksBeforeZeroing(isDeclared), ...lines];
  }

  /** Several results come in an object. */
  private call(node: CallNode): Line[] {
    const { demand, variables, expressions, partOf } = this.tools;
    const text = expressions.ofNode(node);
    const needed = node.results.filter((result) => demand.isNeeded(result));
    if (needed.length === 0) return [this.effect(`${text};`, node)];
    if (node.results.length === 1) return [this.write(needed[0]!, text, originsOf(this.tools, node))];
    const { fields } = partOf(node);
    const parts = needed.map((result) => {
      const field = fields[node.results.indexOf(result)]!;
      const { name } = variables.of(result);
      return name === field ? name : `${propertyName(field)}: ${name}`;
    });
    return [this.effect(`const { ${parts.join(', ')} } = ${text};`, node)];
  }

  private effect(text: string, node: Node): Line {
    return statement(text, this.tools.comments.next(originsOf(this.tools, node)));
  }

  private accumulation(node: Extract<Node, { kind: 'accumulate' }>): string {
    const { expressions } = this.tools;
    const place = expressions.place(node.memory, node.key);
    const checked = node.key.kind === 'index' ? `${place}!` : place;
    const negated = expressions.negated(node.value);
    return negated === undefined ? `${checked} += ${expressions.text(node.value)};` : `${checked} -= ${negated};`;
  }

  private definition(node: Node, value: Value): Line[] {
    const { demand, folding, variables, expressions } = this.tools;
    if (folding.isInlined(value) || !demand.isNeeded(value)) return [];
    const origins = originsOf(this.tools, node);
    const variable = variables.of(value);
    const update = this.declarations.has(variable) ? this.update(node, value) : undefined;
    if (update !== undefined) {
      this.writtenAgain(variable);
      return [statement(`${variable.name} ${update};`, this.tools.comments.next(origins))];
    }
    const text = node.kind === 'shadow' ? zerosLike(node.of.type, expressions.primary(node.of)) : expressions.ofNode(node);
    const isUnclear = (node.kind === 'shadow' && holdsTuple(node.of.type)) || (this.frames.length > 0 && isInferredInCircle(this.tools, node));
    return [this.write(value, text, origins, isUnclear)];
  }

  /** `+= e` where the node adds `e` to what its variable holds already. */
  private update(node: Node, value: Value): string | undefined {
    if (node.kind !== 'apply') return undefined;
    const symbols: Partial<Record<typeof node.op, string>> = { add: '+', sub: '-', mul: '*', div: '/', rem: '%', pow: '**' };
    const symbol = symbols[node.op];
    if (symbol === undefined) return undefined;
    const { variables, expressions } = this.tools;
    const [a, b] = node.operands;
    const isFirst = variables.isSame(a!, value);
    const isSecond = (node.op === 'add' || node.op === 'mul') && variables.isSame(b!, value);
    if (!isFirst && !isSecond) return undefined;
    const other = isFirst ? b! : a!;
    const negated = node.op === 'add' ? expressions.negated(other) : undefined;
    return negated === undefined ? `${symbol}= ${expressions.text(other)}` : `-= ${negated}`;
  }

  private choice(node: IfNode, block: Block, index: number): Line[] {
    const { expressions } = this.tools;
    const isEmpty = [node.then, node.else].every((arm) => arm.exit.kind === 'yield' && !arm.nodes.some((inner) => hasEffect(inner) || mayBreak(inner)));
    const early = this.early(node.results, block, index);
    const declared = this.declareFor(block, index);
    const condition = expressions.text(node.condition);
    const negation = expressions.negation(node.condition);
    const then = this.block(node.then);
    const otherwise = this.block(node.else);
    if (then.length === 0 && otherwise.length === 0 && isEmpty) return [...early, ...declared];
    const printed = then.length === 0 ? compound(`if (${negation})`, otherwise) : compound(`if (${condition})`, then, otherwise);
    return [...early, ...declared, printed];
  }
}

/** Origins of backward nodes that are printed in the statement of `node`: its own first. */
function originsOf(tools: BodyTools, node: Node): readonly Origin[] {
  const own = node.backward && node.origin ? [node.origin] : [];
  const read = node.kind === 'if' ? [node.condition, ...armValues(node)] : operands(node);
  const folded = read.flatMap((value) => tools.expressions.foldedNode(value) ?? []);
  return [...own, ...folded.flatMap((inner) => (inner.kind === 'literal' ? [] : originsOf(tools, inner)))];
}

/** TypeScript takes a tuple inside an object for an array. */
function holdsTuple(type: Type): boolean {
  const inner = type.kind === 'optional' ? type.of : type;
  if (inner.kind === 'array') return holdsTuple(inner.element);
  return inner.kind === 'tuple' || (inner.kind === 'record' && inner.recursive === undefined && inner.fields.some((field) => holdsTuple(field.type)));
}

/** Initial values whose type TypeScript would not infer as it is meant. */
function isUntypedLiteral(text: string): boolean {
  return text.startsWith('[');
}

/** A statement must not begin with `{`. */
function carried(text: string): string {
  return text.startsWith('{') ? `(${text})` : text;
}
