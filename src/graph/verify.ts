/** Checks that a graph is well formed. Runs between passes in tests and debug runs: when it objects, the pass is wrong. */

import { print } from './print.ts';
import type { Block, Graph, LoopNode, Node, Type, Value } from './types.ts';
import { exitOperands, operands, ownedValues, results } from './walk.ts';

/**
 * Where in the pipeline a graph stands. `forward`: as read, no restore. `reversed`: backward code restores forward values.
 * `placed`: neither restore nor undo are left.
 */
export type Stage = 'forward' | 'reversed' | 'placed';

/** @throws Error with the place and the printed graph, when the graph is not well formed. */
export function verify(graph: Graph, stage: Stage): void {
  const verifier = new Verifier(graph, stage);
  graph.params.forEach((param) => verifier.define(param, []));
  verifier.block(graph.body, { scope: new Set(graph.params), loops: [], loop: undefined, path: graph.name }, 'function');
  verifier.stack();
}

/** Where a node stands. */
interface Context {
  readonly scope: Set<Value>;
  /** The loops around, outermost first. */
  readonly loops: readonly LoopNode[];
  /** The one that a `break` leaves. */
  readonly loop: LoopNode | undefined;
  readonly path: string;
}

class Verifier {
  private readonly graph: Graph;
  private readonly stage: Stage;
  /** All values that were defined, with the loops around their definition. */
  private readonly defined = new Map<Value, readonly LoopNode[]>();
  private readonly loopIds = new Set<number>();
  /** The innermost loops that leave frames on the stack, and that take them off. */
  private readonly left = new Map<number, LoopNode | undefined>();
  private readonly taken = new Map<number, LoopNode | undefined>();

  constructor(graph: Graph, stage: Stage) {
    this.graph = graph;
    this.stage = stage;
  }

  define(value: Value, loops: readonly LoopNode[]): void {
    if (this.defined.has(value)) this.fail(`${nameOf(value)} is defined twice`, this.graph.name);
    this.defined.set(value, loops);
  }

  block(block: Block, context: Context, role: 'function' | 'arm' | 'body'): void {
    const { scope, loops, path } = context;
    block.nodes.forEach((node, i) => {
      const at = `${path} > ${node.kind} #${i}`;
      this.node(node, { ...context, path: at });
      for (const value of results(node)) {
        this.define(value, loops);
        scope.add(value);
      }
    });
    const at = `${path} > exit`;
    exitOperands(block.exit).forEach((value) => this.use(value, scope, at));
    if ((block.exit.kind === 'return') !== (role === 'function') && block.exit.kind !== 'throw') {
      this.fail(`a block of the kind "${role}" ends in ${block.exit.kind}`, at);
    }
    if (block.exit.kind === 'break') this.checkBreak(block.exit.values, context, at);
  }

  /** What one loop takes off the stack, one loop has left there: in turns it would meet what is not its own. */
  stack(): void {
    const leftBy = new Map<LoopNode | undefined, LoopNode | undefined>();
    for (const [frame, loop] of this.taken) {
      if (!this.left.has(frame)) continue;
      const other = this.left.get(frame);
      if (leftBy.has(loop) && leftBy.get(loop) !== other) this.fail(`frame ${frame} is taken off in turns with those of another loop`, this.graph.name);
      leftBy.set(loop, other);
    }
  }

  private checkBreak(values: readonly Value[], { loop }: Context, at: string): void {
    if (loop === undefined) return this.fail('break outside of a loop', at);
    if (values.length !== loop.results.length) {
      this.fail(`break with ${values.length} values out of a loop with ${loop.results.length} results`, at);
    }
    values.forEach((value, i) => this.fits(value, loop.results[i]!, at));
  }

  private node(node: Node, context: Context): void {
    const { scope, path: at } = context;
    if (node.kind === 'restore') this.checkRestore(node.of, context);
    else operands(node).forEach((value) => this.use(value, scope, at));
    switch (node.kind) {
      case 'pushFrame':
        this.left.set(node.frame, innermost(context));
        break;
      case 'popFrame':
        this.taken.set(node.frame, innermost(context));
        break;
      case 'if':
        this.checkIf(node, context);
        break;
      case 'loop':
        this.checkLoop(node, context);
        break;
      case 'load':
      case 'store':
      case 'accumulate':
      case 'undo':
        this.checkMemory(node.memory, at);
        if (node.key.kind === 'index' && !isNumber(node.key.index.type)) this.fail(`${nameOf(node.key.index)} is no index`, at);
        if (node.key.kind === 'field') this.checkField(node.memory.type, node.key.name, at);
        break;
      case 'length':
      case 'view':
      case 'resize':
        this.checkMemory(node.memory, at);
        break;
      case 'workspace':
        if (node.grows) this.use(node.result, scope, at);
        break;
      default:
        break;
    }
    if (node.kind === 'undo' && this.stage !== 'reversed') this.fail('an undo before reversal or after storage is placed', at);
    if (node.kind === 'alloc') this.checkAlloc(node, at);
    if (node.kind === 'apply') this.checkApply(node, at);
  }

  private checkIf(node: Extract<Node, { kind: 'if' }>, context: Context): void {
    const at = context.path;
    if (node.condition.type.kind !== 'boolean') this.fail(`the condition ${nameOf(node.condition)} is no boolean`, at);
    for (const [name, arm] of [['then', node.then], ['else', node.else]] as const) {
      if (arm.params.length > 0) this.fail('an arm has parameters', at);
      this.block(arm, { ...context, scope: new Set(context.scope), path: `${at} ${name}` }, 'arm');
      if (arm.exit.kind !== 'yield') continue;
      if (arm.exit.values.length !== node.results.length) {
        this.fail(`the ${name} arm yields ${arm.exit.values.length} values for ${node.results.length} results`, at);
      }
      arm.exit.values.forEach((value, i) => this.fits(value, node.results[i]!, at));
    }
  }

  private checkLoop(node: LoopNode, context: Context): void {
    const { path: at, scope } = context;
    const { counter, body } = node;
    if (this.loopIds.has(node.id)) this.fail(`two loops have the id ${node.id}`, at);
    this.loopIds.add(node.id);
    if (node.initial.length !== body.params.length) this.fail(`${node.initial.length} initial values for ${body.params.length} carried`, at);
    node.initial.forEach((value, i) => this.fits(value, body.params[i]!, at));
    if (counter) {
      if (counter.from.type.kind !== 'integer') this.fail('the counter does not begin with an integer', at);
      if (!Number.isInteger(counter.step) || counter.step === 0) this.fail(`the step ${counter.step} is no integer`, at);
      if (counter.to !== undefined && counter.step > 0 !== counter.test.startsWith('<')) {
        this.fail(`the step ${counter.step} does not fit the test ${counter.test}`, at);
      }
    }
    const loops = [...context.loops, node];
    const inner = new Set(scope);
    for (const value of ownedValues(node)) {
      this.define(value, loops);
      inner.add(value);
    }
    this.block(body, { scope: inner, loops, loop: node, path: `${at} L${node.id}` }, 'body');
    if (body.exit.kind === 'yield' && body.exit.values.length !== body.params.length) {
      this.fail(`the body yields ${body.exit.values.length} values for ${body.params.length} carried`, at);
    }
    if (body.exit.kind === 'yield') body.exit.values.forEach((value, i) => this.fits(value, body.params[i]!, at));
    const expected = counter?.to === undefined ? 0 : node.results.length;
    if (node.done.length !== expected) this.fail(`${node.done.length} values at the bound for ${expected} results`, at);
    const atBound = new Set([...scope, ...body.params]);
    node.done.forEach((value, i) => {
      this.use(value, atBound, at);
      this.fits(value, node.results[i]!, at);
    });
  }

  /** Only inside the mirrors of all loops around the definition; a loop that its mirror was fused into counts as both. */
  private checkRestore(of: Value, { loops, path: at }: Context): void {
    if (this.stage !== 'reversed') this.fail(`a restore of ${nameOf(of)} before reversal or after storage is placed`, at);
    const around = this.defined.get(of);
    if (around === undefined) return this.fail(`restore of ${nameOf(of)}, which is not defined before`, at);
    for (const loop of around) {
      if (loop.mirrors !== undefined) continue;
      if (!isRunOnce(loop) && !loops.some((own) => own.mirrors === loop.id || own.id === loop.id)) {
        this.fail(`restore of ${nameOf(of)} outside of the mirror of L${loop.id}`, at);
      }
    }
  }

  private checkMemory(memory: Value, at: string): void {
    const { kind } = memory.type;
    if (kind !== 'array' && kind !== 'record' && kind !== 'tuple') this.fail(`${nameOf(memory)} is no memory but ${kind}`, at);
  }

  private checkField(type: Type, name: string, at: string): void {
    if (type.kind === 'record' && !type.fields.some((field) => field.name === name)) this.fail(`there is no field ${name}`, at);
  }

  private checkAlloc(node: Extract<Node, { kind: 'alloc' }>, at: string): void {
    this.checkMemory(node.result, at);
    const { type } = node.result;
    if (node.init.kind === 'fields' && (type.kind !== 'record' || type.fields.length !== node.init.values.length)) {
      this.fail('an object literal does not fit its type', at);
    }
  }

  private checkApply(node: Extract<Node, { kind: 'apply' }>, at: string): void {
    const conditions = node.op === 'and' || node.op === 'or' || node.op === 'not' ? node.operands : [];
    const all = node.op === 'select' ? node.operands.slice(0, 1) : conditions;
    for (const value of all) if (value.type.kind !== 'boolean') this.fail(`${nameOf(value)} is no boolean`, at);
  }

  private use(value: Value, scope: ReadonlySet<Value>, at: string): void {
    if (scope.has(value)) return;
    this.fail(`${nameOf(value)} is used ${this.defined.has(value) ? 'outside of its block' : 'before it is defined'}`, at);
  }

  /** Integers may be handed on as real numbers, never the other way round; memory only as memory. */
  private fits(value: Value, to: Value, at: string): void {
    const [from, into] = [value.type, to.type];
    const isMemory = (type: Type): boolean => type.kind === 'array' || type.kind === 'record' || type.kind === 'tuple';
    const unfit =
      (into.kind === 'integer' && from.kind === 'real') ||
      (into.kind === 'boolean' && from.kind !== 'boolean' && from.kind !== 'opaque') ||
      (isMemory(into) && isNumber(from)) ||
      (isNumber(into) && isMemory(from));
    if (unfit) this.fail(`${nameOf(value)} (${from.kind}) is handed on as ${nameOf(to)} (${into.kind})`, at);
  }

  private fail(problem: string, at: string): void {
    throw new Error(`graph is not well formed: ${problem}\n  in ${at}\n${print(this.graph)}`);
  }
}

/** A labelled block. Its mirror is no loop. */
function isRunOnce(loop: LoopNode): boolean {
  return loop.body.exit.kind === 'break';
}

function isNumber(type: Type): boolean {
  return type.kind === 'real' || type.kind === 'integer';
}

function nameOf(value: Value): string {
  return value.name === undefined ? `value ${value.id}` : `\`${value.name}\` (${value.id})`;
}

/** The loop whose iterations repeat what stands here. */
function innermost({ loops }: Context): LoopNode | undefined {
  return loops.findLast((loop) => !isRunOnce(loop));
}
