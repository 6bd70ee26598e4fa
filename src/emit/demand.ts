/**
 * What has to be printed: nodes with an effect, what they read, and where every value is read.
 *
 * Passes leave results that nobody reads (`noUnusedLocals` refuses them), and carried values that only feed themselves.
 */

import type { Block, Exit, IfNode, LoopNode, Node, Value } from '../graph/types.ts';
import { hasEffect, mayBreak, operands, results, visit } from '../graph/walk.ts';

export type UseKind = 'operand' | 'initial' | 'bound' | 'done' | 'yield' | 'break' | 'return' | 'throw';

/** Where a value is read. The index of a block's exit is the number of its nodes. */
export interface Use {
  readonly block: Block;
  readonly index: number;
  readonly kind: UseKind;
}

export interface Definition {
  /** Undefined for parameters of the function. */
  readonly node?: Node;
  /** The block that the owner stands in, for results of nodes; for carried values and counters, the loop's body. */
  readonly block: Block;
  readonly index: number;
  /** A carried value or a counter. */
  readonly owned?: boolean;
}

export class Demand {
  readonly definitions = new Map<Value, Definition>();
  readonly uses = new Map<Value, Use[]>();
  /** The block around a block; the function's own has none. */
  readonly parents = new Map<Block, { readonly block: Block; readonly index: number; readonly node: Node }>();
  private readonly needed = new Set<Value>();
  private readonly live = new Set<Node>();
  private readonly breaks = new Map<LoopNode, Exit[]>();
  private readonly pending: Value[] = [];
  private readonly blocksOfNodes = new Map<Node, Block>();
  private readonly body: Block;

  /** Whether other functions of the file are called. */
  hasCalls = false;

  constructor(params: readonly Value[], body: Block) {
    this.body = body;
    params.forEach((param) => this.definitions.set(param, { block: body, index: -1 }));
    this.define(body, undefined);
    this.enliven(body);
    this.demandExit(body.exit);
    for (let value = this.pending.pop(); value !== undefined; value = this.pending.pop()) this.demandDefinition(value);
    this.collect(body, undefined);
  }

  isNeeded(value: Value): boolean {
    return this.needed.has(value);
  }

  isLive(node: Node): boolean {
    return this.live.has(node);
  }

  usesOf(value: Value): readonly Use[] {
    return this.uses.get(value) ?? [];
  }

  /** The exits that leave the loop by `break`, its body's own included. */
  breaksOf(loop: LoopNode): readonly Exit[] {
    return this.breaks.get(loop) ?? [];
  }

  /** Outermost first. */
  ancestors(block: Block): readonly Block[] {
    const path: Block[] = [block];
    for (let up = this.parents.get(block); up !== undefined; up = this.parents.get(up.block)) path.unshift(up.block);
    return path;
  }

  private define(block: Block, loop: LoopNode | undefined): void {
    if (block.exit.kind === 'break' && loop) this.breaks.set(loop, [...this.breaksOf(loop), block.exit]);
    block.nodes.forEach((node, index) => {
      for (const value of results(node)) this.definitions.set(value, { node, block, index });
      if (node.kind === 'if') {
        for (const arm of [node.then, node.else]) {
          this.parents.set(arm, { block, index, node });
          this.define(arm, loop);
        }
      } else if (node.kind === 'loop') {
        this.parents.set(node.body, { block, index, node });
        const owned = node.counter ? [node.counter.variable, ...node.body.params] : node.body.params;
        for (const value of owned) this.definitions.set(value, { node, block: node.body, index: -1, owned: true });
        this.define(node.body, node);
      }
    });
  }

  private enliven(block: Block): void {
    for (const node of block.nodes) if (hasEffect(node) || mayBreak(node)) this.demandNode(node);
    if (block.exit.kind === 'throw') this.demand(block.exit.error);
  }

  private demand(value: Value): void {
    if (this.needed.has(value)) return;
    this.needed.add(value);
    this.pending.push(value);
  }

  private demandExit(exit: Exit): void {
    if (exit.kind === 'throw') this.demand(exit.error);
    else exit.values.forEach((value) => this.demand(value));
  }

  private demandNode(node: Node): void {
    if (this.live.has(node)) return;
    this.live.add(node);
    if (node.kind === 'loop') {
      if (node.counter) {
        this.demand(node.counter.variable);
        this.demand(node.counter.from);
        if (node.counter.to) this.demand(node.counter.to);
      }
      this.enliven(node.body);
    } else {
      operands(node).forEach((value) => this.demand(value));
      if (node.kind === 'workspace') this.demand(node.result);
      if (node.kind === 'if') [node.then, node.else].forEach((arm) => this.enliven(arm));
    }
    for (let up = this.parents.get(this.blockOf(node)); up !== undefined; up = this.parents.get(up.block)) {
      this.demandNode(up.node);
    }
  }

  private blockOf(node: Node): Block {
    if (this.blocksOfNodes.size === 0) visit(this.body, (inner, block) => this.blocksOfNodes.set(inner, block));
    return this.blocksOfNodes.get(node)!;
  }

  private demandDefinition(value: Value): void {
    const { node, owned } = this.definitions.get(value) ?? {};
    if (node === undefined) return;
    this.demandNode(node);
    if (node.kind === 'if') this.demandArms(node, node.results.indexOf(value));
    if (node.kind === 'loop') {
      if (owned) this.demandCarried(node, node.body.params.indexOf(value));
      else this.demandResult(node, node.results.indexOf(value));
    }
  }

  private demandArms(node: IfNode, index: number): void {
    for (const arm of [node.then, node.else]) if (arm.exit.kind === 'yield') this.demand(arm.exit.values[index]!);
  }

  private demandCarried(node: LoopNode, index: number): void {
    if (index < 0) return;
    this.demand(node.initial[index]!);
    if (node.body.exit.kind === 'yield') this.demand(node.body.exit.values[index]!);
  }

  private demandResult(node: LoopNode, index: number): void {
    if (index < 0) return;
    if (node.done[index]) this.demand(node.done[index]);
    for (const exit of this.breaksOf(node)) if (exit.kind === 'break') this.demand(exit.values[index]!);
  }

  private use(value: Value, block: Block, index: number, kind: UseKind): void {
    const known = this.uses.get(value);
    if (known) known.push({ block, index, kind });
    else this.uses.set(value, [{ block, index, kind }]);
  }

  private collect(block: Block, loop: LoopNode | undefined): void {
    block.nodes.forEach((node, index) => {
      if (!this.live.has(node)) return;
      if (node.kind === 'loop') this.collectLoop(node, block, index);
      else operands(node).forEach((value) => this.use(value, block, index, 'operand'));
      if (node.kind === 'workspace' && node.grows) {
        this.use(node.result, block, index, 'operand');
        // Compared, and taken.
        if (loop !== undefined) this.use(node.size, block, index, 'operand');
      }
      this.hasCalls ||= node.kind === 'call';
      if (node.kind === 'if') [node.then, node.else].forEach((arm) => this.collect(arm, loop));
    });
    this.collectExit(block, loop);
  }

  private collectLoop(node: LoopNode, block: Block, index: number): void {
    const { counter } = node;
    if (counter) this.use(counter.from, block, index, 'operand');
    if (counter?.to) this.use(counter.to, block, index, 'bound');
    node.body.params.forEach((param, i) => {
      if (this.needed.has(param)) this.use(node.initial[i]!, block, index, 'initial');
    });
    node.results.forEach((result, i) => {
      if (this.needed.has(result) && node.done[i]) this.use(node.done[i], block, index, 'done');
    });
    this.collect(node.body, node);
  }

  private collectExit(block: Block, loop: LoopNode | undefined): void {
    const { exit } = block;
    const at = block.nodes.length;
    if (exit.kind === 'throw') {
      this.use(exit.error, block, at, 'throw');
      return;
    }
    const owner = this.parents.get(block)?.node;
    const targets =
      exit.kind === 'return' ? undefined
      : exit.kind === 'break' ? loop!.results
      : owner!.kind === 'loop' ? owner!.body.params
      : owner!.kind === 'if' ? owner!.results
      : [];
    exit.values.forEach((value, i) => {
      if (targets === undefined || (targets[i] && this.needed.has(targets[i]))) this.use(value, block, at, exit.kind);
    });
  }
}
