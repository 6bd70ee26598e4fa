/**
 * The computational graph: structured single assignment for scalars, memory in program order for arrays and objects.
 *
 * Everything here is immutable. Passes take a `Graph` and return another one; values keep their identity where they
 * mean the same thing. Results of analyses live in maps beside the graph, never in fields of its nodes.
 */

import type { Primitive } from './primitives.ts';

// ------------------------------------------------------------------------------------------------ types of values

export type Container =
  | 'Array'
  | 'Float64Array'
  | 'Float32Array'
  | 'Int8Array'
  | 'Uint8Array'
  | 'Uint8ClampedArray'
  | 'Int16Array'
  | 'Uint16Array'
  | 'Int32Array'
  | 'Uint32Array';

export type Type = RealType | IntegerType | BooleanType | OpaqueType | OptionalType | ArrayType | RecordType | TupleType | RecursiveType;

export interface RealType {
  readonly kind: 'real';
}
/** A number that is proved to be an integer (lengths, counters, sums of these). Never decides activity. */
export interface IntegerType {
  readonly kind: 'integer';
}
export interface BooleanType {
  readonly kind: 'boolean';
}
/** Carried along, never differentiated: strings, enums, bigints, functions. `text` is its TypeScript type. */
export interface OpaqueType {
  readonly kind: 'opaque';
  readonly text: string;
}
/** `T | undefined` or `T | null`. */
export interface OptionalType {
  readonly kind: 'optional';
  readonly of: Type;
}
export interface ArrayType {
  readonly kind: 'array';
  readonly container: Container;
  readonly element: Type;
}
export interface RecordType {
  readonly kind: 'record';
  /** The interface, alias or class that the source names it by; absent for anonymous object types. */
  readonly name?: string;
  /** The name by which it contains itself (a tree). */
  readonly recursive?: string;
  /** Of such a record: the fields that are declared as memory which nobody writes, `kids: readonly Tree[]`. */
  readonly constant?: readonly string[];
  readonly fields: readonly Field[];
}
/** A record inside of itself: values have the record's type, so that every type is finite. */
export interface RecursiveType {
  readonly kind: 'recursive';
  /** `recursive` of the record. */
  readonly name: string;
  readonly unfold: () => RecordType;
}
export interface Field {
  readonly name: string;
  readonly type: Type;
}
export interface TupleType {
  readonly kind: 'tuple';
  readonly elements: readonly Type[];
}

// ------------------------------------------------------------------------------------------------ values, blocks

/** Defined once, by a node or as a block parameter. Identity is the object; `id` only orders and names it. */
export interface Value {
  readonly id: number;
  readonly type: Type;
  /** The source variable, where there is one. */
  readonly name?: string;
}

/** Where a node comes from: the statement of the tagged function whose text comments print. */
export interface Origin {
  /** Path relative to the nearest package.json, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** White space collapsed, without declaration keyword, `!` and `;`; not yet cut. */
  readonly text: string;
}

export interface Block {
  /** Fed by the owner: a loop feeds its carried values; arms of an `if` have none. */
  readonly params: readonly Value[];
  /** In execution order. */
  readonly nodes: readonly Node[];
  readonly exit: Exit;
}

export type Exit =
  /** To the owner: results of an `if`; in a loop body the next carried values. */
  | { readonly kind: 'yield'; readonly values: readonly Value[] }
  /** Out of the nearest loop, with all of its results. May stand in an arm inside the loop's body, at any depth of `if`s. */
  | { readonly kind: 'break'; readonly values: readonly Value[] }
  /** Kept as it is. `error` is what is thrown. */
  | { readonly kind: 'throw'; readonly error: Value }
  /** Only at the end of the function's own block. */
  | { readonly kind: 'return'; readonly values: readonly Value[] };

export interface Graph {
  readonly name: string;
  readonly params: readonly Value[];
  readonly body: Block;
  readonly origin?: Origin;
  /** Set on what `call` nodes call. */
  readonly procedure?: ProcedureFacts;
}

/** What a procedure may assume of its parameters, whoever calls it. */
export interface ProcedureFacts {
  /**
   * Parameters whose memory is written while calls are under way, by the procedure or around it; two of them may be one
   * and the same. All other memory that is handed in stays as it is for the whole companion.
   */
  readonly shared: ReadonlySet<Value>;
  /** Parameters that some call hands an infinity although the companion's arguments are finite; of memory: that holds one. */
  readonly infinite: ReadonlySet<Value>;
  /** Some caller may discard the results: their cotangents may be exact zeros. */
  readonly discarded: boolean;
  /** The source says that nobody writes to what the procedure returns: `readonly number[]`. */
  readonly returnsReadonly?: boolean;
  /** Of a pair: the parameters that are shadows of others. */
  readonly shadows?: ReadonlySet<Value>;
  /** Of a pair: how many of the values that it returns are those of the forward half. */
  readonly forwardResults?: number;
}

// ------------------------------------------------------------------------------------------------ nodes

interface NodeBase {
  readonly origin?: Origin;
  /** Set on nodes of the backward sweep: they reverse the statement `origin`, and comments say so. */
  readonly backward?: boolean;
  /** Set on nodes that forward mode adds: like adjoints, tangents may be computed in any order. */
  readonly tangent?: boolean;
}

export type Node =
  | LiteralNode
  | ApplyNode
  | CarryNode
  | CallNode
  | RuleNode
  | IfNode
  | LoopNode
  | AllocNode
  | LoadNode
  | StoreNode
  | AccumulateNode
  | ResizeNode
  | LengthNode
  | ViewNode
  | ShadowNode
  | UndoNode
  | RestoreNode
  | WorkspaceNode
  | PushFrameNode
  | PopFrameNode;

export type LiteralValue = number | boolean | string | null | undefined;

export interface LiteralNode extends NodeBase {
  readonly kind: 'literal';
  readonly value: LiteralValue;
  /** `let r: number;` before its first assignment: printed as a declaration without a value, never read. */
  readonly unassigned?: boolean;
  readonly result: Value;
}

/** A pure primitive. An operand of array type stands for all its elements (`Math.hypot(...a)`) and counts as reading it. */
export interface ApplyNode extends NodeBase {
  readonly kind: 'apply';
  readonly op: Primitive;
  readonly operands: readonly Value[];
  readonly result: Value;
  /** Where the part of the workspace ends that the first operand begins: of this shadow. */
  readonly room?: Value;
}

/** Kept as written, never differentiated: strings, carried calls, module constants. */
export interface CarryNode extends NodeBase {
  readonly kind: 'carry';
  /** Source text, operands and names of the module, in order: `[ref(isLeaf), '(', depth, ')']`. */
  readonly pieces: readonly (string | Value | ModuleReference)[];
  /** It may do anything but write to our memory: kept, once, in order. Otherwise it is pure and may be repeated. */
  readonly effect: boolean;
  readonly result: Value;
}

/** A name that the generated file imports from the source, or copies from it. */
export interface ModuleReference {
  readonly kind: 'module';
  readonly name: string;
  /** Absolute path of the file that declares it. */
  readonly file: string;
  /** How it gets into the companion. */
  readonly access:
    | { readonly kind: 'import'; readonly exported: string; readonly specifier?: string }
    | { readonly kind: 'copy'; readonly text: string; /** Where the text alone does not tell. */ readonly type?: string; readonly documentation?: string }
    | { readonly kind: 'global' };
}

/**
 * A call that stays a call (recursion, callees over the budget).
 *
 * A primal graph calls procedures as they are. Reversal makes two calls of one whose derivative is asked for: `forward`
 * also takes the shadows of the memory that it is handed, gives those of the memory that it returns, and leaves a frame;
 * `backward` takes the same arguments and the cotangents of the results, gives those of the arguments, and takes the frame off.
 * Forward mode calls `tangent`, which takes the tangents of arguments behind them and gives those of results behind them.
 */
export interface CallNode extends NodeBase {
  readonly kind: 'call';
  /** The name of the procedure's primal graph. */
  readonly callee: string;
  readonly variant: CallVariant;
  readonly operands: readonly Value[];
  readonly results: readonly Value[];
}

/** `gradient`: both halves of a pair in one. `section`: a piece of a function that is too long, which gives nothing back. */
export type CallVariant = 'value' | 'forward' | 'backward' | 'gradient' | 'tangent' | 'section';

/**
 * A border of the user's own rule: each result is the value in its place, under another name. The values are not
 * differentiated: what the results depend on are the operands, in the way that the rule says.
 *
 * Results that are memory are known by the result alone from here on. Forward and reverse mode put the rule's body in; then
 * `settleRules` takes the node away.
 */
export interface RuleNode extends NodeBase {
  readonly kind: 'rule';
  /** `name` of the primal's `RuleBodies`. */
  readonly rule: string;
  /** The function that has the rule. */
  readonly callee: string;
  /** What the function's statements have computed; none where a drawing shows the call as a whole. */
  readonly values: readonly Value[];
  readonly operands: readonly Value[];
  readonly results: readonly Value[];
}

export interface IfNode extends NodeBase {
  readonly kind: 'if';
  readonly condition: Value;
  readonly then: Block;
  readonly else: Block;
  /** One for each value that the arms yield; arms that break or throw yield nothing. */
  readonly results: readonly Value[];
}

/**
 * Repeats its body. `body.params` are the carried values: first `initial`, then what the body yields.
 *
 * - With `counter.to` it is counted: it ends when the counter fails its test, with `done` as results, or by `break`.
 * - Without, it ends by `break` alone. `while (c)` is a body that begins with `if c else break`.
 * - A body whose own exit is `break` runs once: a labelled block.
 */
export interface LoopNode extends NodeBase {
  readonly kind: 'loop';
  /** Unique in the graph. */
  readonly id: number;
  readonly counter?: Counter;
  readonly initial: readonly Value[];
  readonly body: Block;
  /** Results when the bound is reached: carried values of the body or values from outside. Empty without a bound. */
  readonly done: readonly Value[];
  readonly results: readonly Value[];
  /** Set on the mirror of a loop: the same iterations, last to first, as many as ran. */
  readonly mirrors?: number;
  /**
   * Asked for in the source: of n iterations about √n states are kept, the others are computed again between these. Later
   * it marks the loop over these states.
   */
  readonly checkpointed?: boolean;
  /**
   * Its mirror runs it again first, from the state that it began with, and only then are its iterations kept. `steady` is memory
   * from outside that nobody writes once the loop has begun.
   */
  readonly replayed?: { readonly steady: ReadonlySet<Value> };
  /** Of a mirror: it begins with the iteration that left the loop, where one did; otherwise with the last completed one. */
  readonly includesLeaving?: boolean;
}

/**
 * `for (variable = from; variable test to; variable += step)`. `from` is an integer; `to` comes from outside the loop,
 * may be any number (2.5 gives three trips from 0), and does not change while the loop runs.
 */
export interface Counter {
  readonly variable: Value;
  readonly from: Value;
  readonly to?: Value;
  readonly test: '<' | '<=' | '>' | '>=';
  /** A literal integer, not 0, with the sign that fits `test`. */
  readonly step: number;
  /** The counter when the loop has ended: `from + step * (completed trips)`. A result of the loop, in scope behind it. */
  readonly after?: Value;
}

export type Key = { readonly kind: 'index'; readonly index: Value } | { readonly kind: 'field'; readonly name: string };

export type Initializer =
  /** `new Float64Array(length)`; of an `Array`: filled with 0. */
  | { readonly kind: 'zeros'; readonly length: Value }
  /** `new Array(length)`, `[]` with a length: every element undefined until it is stored. */
  | { readonly kind: 'holes'; readonly length: Value }
  /** `[a, b, c]`, `Float64Array.of(a, b)`, a tuple. */
  | { readonly kind: 'elements'; readonly values: readonly Value[] }
  /** An object literal: one value for each field of the result's type, in order. */
  | { readonly kind: 'fields'; readonly values: readonly Value[] }
  /** `of.slice(from, to)`, `[...of]`, `Float64Array.from(of)`: shallow. */
  | { readonly kind: 'copy'; readonly of: Value; readonly from?: Value; readonly to?: Value };

/** Fresh memory. `result.type` is an array, tuple or record. */
export interface AllocNode extends NodeBase {
  readonly kind: 'alloc';
  /** A matrix that the companion returns: with `out` it is the field of that name. `described` is what a message says of its size. */
  readonly resultField?: { readonly name: string; readonly described: string };
  /** Proved: no element is read before it is written, so that one array may serve every iteration of a loop. */
  readonly scratch?: boolean;
  readonly init: Initializer;
  readonly result: Value;
}

/** One element or field. */
interface AccessNode extends NodeBase {
  readonly memory: Value;
  readonly key: Key;
  /** In the workspace: the shadow that lies there. No other access with another part, or none, meets it. */
  readonly part?: Value;
}

export interface LoadNode extends AccessNode {
  readonly kind: 'load';
  readonly result: Value;
}

export interface StoreNode extends AccessNode {
  readonly kind: 'store';
  readonly value: Value;
  /** Of a typed array: it certainly has the element. */
  readonly isInside?: boolean;
}

/** `memory[key] += value`. Sums of adjoints: their order is free. */
export interface AccumulateNode extends AccessNode {
  readonly kind: 'accumulate';
  readonly value: Value;
}

/** `push` (one value) and `pop` (one result) of an `Array`. */
export interface ResizeNode extends NodeBase {
  readonly kind: 'resize';
  readonly how: 'push' | 'pop';
  readonly memory: Value;
  /** What `push` appends. */
  readonly value?: Value;
  /** What `pop` takes off. */
  readonly result?: Value;
}

export interface LengthNode extends NodeBase {
  readonly kind: 'length';
  readonly memory: Value;
  readonly result: Value;
}

/** `memory.subarray(from, to)`: the same memory under another name. */
export interface ViewNode extends NodeBase {
  readonly kind: 'view';
  readonly memory: Value;
  readonly from: Value;
  readonly to?: Value;
  readonly result: Value;
}

/** Memory of the same structure as `of`, zeros: where the adjoint of `of` is gathered. */
export interface ShadowNode extends NodeBase {
  readonly kind: 'shadow';
  readonly of: Value;
  /** The part of a parameter whose gradient it is, `['p', 'weights']`: with `out` it is `out.d_p.weights`. */
  readonly gradientOf?: readonly string[];
  /** It is the tangent of that gradient, a Hessian times a direction: with `out` it is `out.h_p.weights`. */
  readonly isHessianProduct?: boolean;
  /** A loop stores all of it before anybody reads it: what `out` holds does not matter. */
  readonly isFilled?: boolean;
  /** Of plain arrays, at any depth: something may be added behind their end, which is cut off before they are returned. */
  readonly mayGrow?: boolean;
  readonly result: Value;
}

/** Backward only, until storage is placed: puts back what a store overwrote, so that earlier loads can be repeated. */
export interface UndoNode extends NodeBase {
  readonly kind: 'undo';
  readonly memory: Value;
  readonly key: Key;
  readonly value: Value;
}

/** Backward only, until storage is placed: `of` as the forward sweep had it, in the mirrored iteration. */
export interface RestoreNode extends NodeBase {
  readonly kind: 'restore';
  readonly of: Value;
  readonly result: Value;
}

/**
 * Scratch of the file, at least `size` numbers long, as a `Float64Array` whose contents are kept when it grows. One such
 * node defines `result`; later ones with the same `result` make room on the way (`ws = reserve(p + 2)`).
 */
export interface WorkspaceNode extends NodeBase {
  readonly kind: 'workspace';
  readonly size: Value;
  readonly result: Value;
  /** True where `result` was defined before and only more room is made. */
  readonly grows: boolean;
}

/**
 * Leaves values on the stack of frames, where the backward sweep finds them: those of an iteration at its end, those of a
 * procedure when it returns. The mirror runs in the opposite order, so that its frame always lies on top.
 */
export interface PushFrameNode extends NodeBase {
  readonly kind: 'pushFrame';
  /** Which frame it is, in the whole program: the same number where it is taken off. */
  readonly frame: number;
  readonly values: readonly Value[];
}

/** Takes the topmost frame off. */
export interface PopFrameNode extends NodeBase {
  readonly kind: 'popFrame';
  readonly frame: number;
  readonly results: readonly Value[];
}
