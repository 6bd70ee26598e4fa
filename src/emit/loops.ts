/** Loops: counted, by a condition in front, without end but for a `break`, and blocks that run once. */

import type { Block, Counter, Exit, IfNode, LoopNode } from '../graph/types.ts';
import { exitOperands, mayBreak } from '../graph/walk.ts';
import type { BodyPrinter, Copy } from './body.ts';
import { compound, type Line } from './lines.ts';

/** A loop that is being printed: what `break` means inside. */
export interface LoopFrame {
  readonly node: LoopNode;
  /** A labelled block, which is no loop to JavaScript: every `break` needs its label. */
  readonly isBlock: boolean;
  /** Wished name of the label, where a `break` must leave more than the loop itself. */
  readonly label?: string;
  usedLabel?: string;
}

export function printLoop(printer: BodyPrinter, node: LoopNode, block: Block, index: number): Line[] {
  const { demand } = printer.tools;
  const early = printer.early(node.results, block, index);
  const initial = printer.copies(printer.neededCopies(node.body.params, node.initial), block);
  const start = node.counter ? startText(printer, node.counter, printer.isDeclared(printer.tools.variables.of(node.counter.variable))) : '';
  const counter = declareCounter(printer, node, block);
  const declared = printer.declareFor(block, index);
  const before = [...early, ...initial, ...counter, ...declared];
  if (node.body.exit.kind === 'break') return [...before, ...runOnce(printer, node)];
  const isLeft = demand.breaksOf(node).length > 0;
  const done = printer.tools.variables;
  const doneCopies = node.counter?.to
    ? printer.neededCopies(node.results, node.done).filter(({ target, source }) => done.early.get(target) !== source && !done.isSame(target, source))
    : [];
  const head = node.counter?.to ? undefined : whileHead(printer, node);
  if (head) return [...before, ...printWhile(printer, node, head, block, start)];
  const needsLabel = isLeft && doneCopies.length > 0;
  const frame: LoopFrame = { node, isBlock: false, ...(needsLabel ? { label: 'search' } : {}) };
  printer.enter(frame);
  const body = printer.block(node.body);
  printer.leave();
  const loop = compound(`for (${counterHead(printer, node, start, undefined)})`, body);
  const after = printer.copies(doneCopies, block);
  if (frame.usedLabel !== undefined) return [...before, compound(`${frame.usedLabel}:`, [loop, ...after])];
  return [...before, loop, ...after];
}

/** A counter that is read behind the loop is declared in front of it. */
function declareCounter(printer: BodyPrinter, node: LoopNode, block: Block): Line[] {
  const { counter } = node;
  if (!counter) return [];
  const variable = printer.tools.variables.of(counter.variable);
  if (variable.isCounter) return [];
  const lines = printer.isDeclared(variable) ? [] : printer.copies([{ target: counter.variable, source: counter.from }], block);
  printer.writtenAgain(variable);
  return lines;
}

/** What the head of the loop begins with; `wasDeclared`: the counter's variable, before the loop. */
function startText(printer: BodyPrinter, { variable, from }: Counter, wasDeclared: boolean): string {
  const { expressions, variables } = printer.tools;
  const name = expressions.text(variable);
  const start = expressions.text(from);
  if (variables.of(variable).isCounter) return `let ${name} = ${start}`;
  if (!wasDeclared || variables.isSame(variable, from)) return '';
  if (start === `${name} - 1`) return `${name}--`;
  return start === `${name} + 1` ? `${name}++` : `${name} = ${start}`;
}

/** `let i = 0; i < n; i++`; of a loop without a bound, `condition` stands in the middle. */
function counterHead(printer: BodyPrinter, node: LoopNode, start: string, condition: string | undefined): string {
  const { counter } = node;
  if (!counter) return `; ${condition ?? ''}; `;
  const { expressions } = printer.tools;
  const name = expressions.text(counter.variable);
  const test = counter.to ? `${name} ${counter.test} ${operand(expressions.text(counter.to))}` : (condition ?? '');
  return `${start}; ${test}; ${stepText(name, counter.step)}`;
}

function operand(text: string): string {
  return /[?&|=<>]/.test(text) ? `(${text})` : text;
}

function stepText(name: string, step: number): string {
  if (step === 1) return `${name}++`;
  if (step === -1) return `${name}--`;
  return step < 0 ? `${name} -= ${-step}` : `${name} += ${step}`;
}

function runOnce(printer: BodyPrinter, node: LoopNode): Line[] {
  const isLeft = node.body.nodes.some(mayBreak);
  const frame: LoopFrame = { node, isBlock: true, label: 'once' };
  printer.enter(frame);
  const body = printer.block(node.body);
  printer.leave();
  if (body.length === 0) return [];
  return [compound(isLeft && frame.usedLabel !== undefined ? `${frame.usedLabel}:` : '', body)];
}

interface WhileHead {
  readonly choice: IfNode;
  /** Index of the node behind the test. */
  readonly rest: number;
  readonly exit: Exit;
  readonly leavesWhen: boolean;
}

/** The body begins with a test that leaves the loop, and there is nothing else to do before or in it. */
function whileHead(printer: BodyPrinter, node: LoopNode): WhileHead | undefined {
  const { demand, folding } = printer.tools;
  const index = node.body.nodes.findIndex((inner) => {
    if (!demand.isLive(inner)) return false;
    if (inner.kind === 'if') return !(folding.isExpression(inner) && folding.isInlined(inner.results[0]!));
    return !('result' in inner && inner.result !== undefined && folding.isInlined(inner.result));
  });
  const choice = node.body.nodes[index];
  if (choice?.kind !== 'if' || folding.isExpression(choice)) return undefined;
  const leavesWhen = choice.then.exit.kind === 'break';
  const [leaving, staying] = leavesWhen ? [choice.then, choice.else] : [choice.else, choice.then];
  if (leaving.exit.kind !== 'break' || staying.exit.kind !== 'yield') return undefined;
  const isBare = (arm: Block): boolean =>
    arm.nodes.every((inner) => !demand.isLive(inner) || ('result' in inner && inner.result !== undefined && folding.isInlined(inner.result)));
  if (!isBare(leaving) || !isBare(staying) || choice.results.some((result) => demand.isNeeded(result))) return undefined;
  const copies = pendingCopies(printer, node, leaving.exit);
  if (copies.length > 0 && (demand.breaksOf(node).length > 1 || !copies.every((copy) => isVisibleAfter(printer, node, copy)))) {
    return undefined;
  }
  return { choice, rest: index + 1, exit: leaving.exit, leavesWhen };
}

function pendingCopies(printer: BodyPrinter, node: LoopNode, exit: Exit): Copy[] {
  const copies = printer.neededCopies(node.results, exitOperands(exit));
  return copies.filter(({ target, source }) => !printer.tools.variables.isSame(target, source));
}

/** The source is no variable of the loop's body. */
function isVisibleAfter(printer: BodyPrinter, node: LoopNode, { source }: Copy): boolean {
  const { demand, folding, variables } = printer.tools;
  return [...folding.leaves(source)].every((leaf) => {
    if (demand.definitions.get(leaf)?.node === undefined) return true;
    return !demand.ancestors(variables.of(leaf).scope!).includes(node.body);
  });
}

function printWhile(printer: BodyPrinter, node: LoopNode, head: WhileHead, block: Block, start: string): Line[] {
  const { expressions } = printer.tools;
  const { condition } = head.choice;
  const test = head.leavesWhen ? expressions.negation(condition) : expressions.text(condition);
  printer.enter({ node, isBlock: false });
  const body = printer.block(node.body, head.rest);
  printer.leave();
  const loop = compound(node.counter ? `for (${counterHead(printer, node, start, test)})` : `while (${test})`, body);
  return [loop, ...printer.copies(pendingCopies(printer, node, head.exit), block)];
}
