/** What the reader hands to the rest: a tagged function as a graph, and what its companions must repeat of its source. */

import type { CallVariant, Graph, Origin, Type, Value } from './types.ts';

export interface Primal {
  readonly graph: Graph;
  /** What the graph calls, and what these call. */
  readonly procedures: readonly Graph[];
  /** What its `rule` nodes stand for. */
  readonly rules: readonly RuleBodies[];
  readonly signature: Signature;
  readonly requests: readonly Request[];
}

/**
 * The bodies of a rule. Both begin with the rule node's operands and values as parameters.
 *
 * Leaves are numbers and arrays: objects are taken apart where a rule is called, and put together again in its bodies.
 */
export interface RuleBodies {
  readonly name: string;
  /** The function that has the rule. */
  readonly function: string;
  /** The function returns one number: its tangent follows from the pullback. */
  readonly ofOneNumber: boolean;
  /**
   * Further parameters: a cotangent for each value with numbers that can be differentiated, then a shadow for each such operand that
   * is memory. Returns the cotangents of the operands that are numbers.
   */
  readonly pullback: Graph | undefined;
  /** Further parameters: a tangent for each operand with numbers that can be differentiated. Returns those of the values. */
  readonly tangent: Graph | undefined;
}

export type CompanionKind = 'grad' | 'vjp' | 'jvp' | 'jacobian' | 'hvp' | 'hessian';

/** One tag on one function. */
export interface Request {
  readonly kind: CompanionKind;
  /** Names after the tag, checked to be differentiable parameters; undefined where the tag names none. */
  readonly named?: readonly string[];
  /** Where each named parameter stands, for warnings: offsets into the source file. */
  readonly places?: readonly { readonly start: number; readonly length: number }[];
  /** Where the tag stands. */
  readonly start: number;
  readonly length: number;
}

export interface Signature {
  readonly name: string;
  readonly exported: boolean;
  /** Absolute path of the source. */
  readonly file: string;
  /** The doc comment's text without gradgen's tags, one entry a line; empty where there is none. */
  readonly documentation: readonly string[];
  readonly params: readonly Parameter[];
  /** Type parameters as written, `<T extends Shape>`; empty where there are none. */
  readonly typeParameters: string;
  readonly result: Type;
  readonly resultText: TypeText;
  /** The result's type lets all of it be written: a companion may put a result into `out`, number by number. */
  readonly resultCanBeWritten: boolean;
}

export interface Parameter {
  /** `arg<N>` for a destructured parameter. */
  readonly name: string;
  readonly text: TypeText;
  readonly type: Type;
  /** `b?: T`, or with a default: the caller may leave it out. */
  readonly optional: boolean;
  readonly rest: boolean;
  /** An absent argument is replaced by a default: the derivative is then that at the default. */
  readonly hasDefault?: boolean;
  /** The graph's parameter. */
  readonly value: Value;
}

/** A type as it is printed in a companion, and the names in it that must be imported with `import type`. */
export interface TypeText {
  readonly text: string;
  readonly imports: readonly TypeImport[];
}

export interface TypeImport {
  readonly name: string;
  readonly exported: string;
  /** Absolute path of the module that exports it, or a bare specifier of a package. */
  readonly from: string;
}

/** A derivative, ready to print. */
export interface Companion {
  readonly kind: CompanionKind;
  /** `grad_f`. */
  readonly name: string;
  /** `FGrad`. */
  readonly resultName: string;
  readonly signature: Signature;
  readonly differentiated: readonly Parameter[];
  /** Parameters behind the primal's. */
  readonly further: readonly FurtherParameter[];
  /** What it returns, in the order of the graph's results. */
  readonly fields: readonly ResultField[];
  /**
   * Parameters: the primal's, in order, then the further ones. An array gradient is the result of a `shadow` node with
   * `gradientOf`; the gradient of an object or tuple is an `alloc` of its leaves.
   */
  readonly graph: Graph;
  /** What it keeps for its backward sweep. */
  readonly stored: readonly Stored[];
  /** What the graph calls: procedures as they are, and the halves of their derivatives. */
  readonly procedures: readonly ProcedurePart[];
  /** Named parameters that cannot influence the result, and what their derivative stops at. */
  readonly withoutInfluence: readonly { readonly parameter: string; readonly stop: Stop }[];
  /** Loops that were to be checkpointed, and cannot be. */
  readonly refusedCheckpoints: readonly RefusedCheckpoint[];
  /** Where a differentiated number is rounded to 32 bits, which its derivative does not know. */
  readonly rounded?: Origin;
}

/** What the backward sweep needs of each iteration of a loop, or of each call of a procedure, and finds where the forward one left it. */
export interface Stored {
  /** The loop's statement, collapsed; of a procedure its name. */
  readonly of: string;
  /** The statements of loops around it that have their own share for each of their iterations, outermost first. */
  readonly within: readonly string[];
  readonly place:
    /** In the workspace, at an index that the counters give. */
    | 'indexed'
    /** In the workspace, where the iteration before ended. */
    | 'running'
    /** On the stack of frames. */
    | 'stack';
  readonly values: readonly StoredValue[];
  /** What `values` and `bytes` are of; a checkpoint comes before about √n iterations of n. */
  readonly each: 'iteration' | 'checkpoint' | 'call';
  readonly bytes: number;
}

export interface StoredValue {
  readonly name: string;
  /** Why it is not computed again. */
  readonly why: string;
}

/** A companion without its body: what its declaration says. */
export type Outline = Pick<Companion, 'kind' | 'name' | 'resultName' | 'signature' | 'differentiated' | 'further' | 'fields'>;

/** A loop of which only few states were to be kept, and what it changes that cannot be put back. */
export interface RefusedCheckpoint {
  readonly origin?: Origin;
  readonly what: string;
}

/** Where a value is used without being differentiated. */
export interface Stop {
  /** In words: `an index`, `a comparison`. */
  readonly what: string;
  readonly origin?: Origin;
}

/** `t_x` or `d_value`: shaped like a parameter or like the result. */
export interface FurtherParameter {
  readonly name: string;
  /** What it is shaped like, and the type of that. */
  readonly like: string;
  readonly type: Type;
}

export interface ResultField {
  readonly name: string;
  readonly shape:
    /** What the primal returns. */
    | { readonly kind: 'value' }
    /** Shaped like a parameter or like the result, whose type this is: its differentiable parts. */
    | { readonly kind: 'like'; readonly like: string; readonly type: Type }
    /** A `Float64Array`. */
    | { readonly kind: 'matrix'; readonly layout: string };
}

/** A function of its own in the generated file. */
export interface ProcedurePart {
  readonly callee: string;
  readonly variant: CallVariant;
  readonly graph: Graph;
  /** Parameters whose memory it writes, itself or by what it calls. */
  readonly written: ReadonlySet<Value>;
  /** Results that may be memory which nobody writes. */
  readonly constant: ReadonlySet<Value>;
}
