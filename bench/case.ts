/** One function at one size: what `npm run bench` runs in a process of its own. */
export interface Case {
  readonly name: string;
  readonly primal: (...args: never[]) => unknown;
  readonly generated: (...args: never[]) => unknown;
  readonly byHand: (...args: never[]) => unknown;
  /** Value and directional derivative: directions of all differentiated parameters behind the arguments. */
  readonly jvp?: (...args: never[]) => unknown;
  /** Gradient, and Hessian times direction. */
  readonly hvp?: (...args: never[]) => unknown;
  /** Of few parameters: the whole matrix. */
  readonly hessian?: (...args: never[]) => unknown;
  /** The differentiated parameters by name, with their places. */
  readonly parameters: Readonly<Record<string, number>>;
  /** The result is a few numbers: to write them into `out` costs more than to return fresh ones. */
  readonly scalarResult: boolean;
  /** The lists of arguments that the calls go through in turn: mostly one. */
  readonly inputs: () => readonly (readonly unknown[])[];
}

interface Problem<Args extends unknown[], Result extends { value: number }> {
  readonly primal: (...args: Args) => number;
  readonly generated: (...args: [...Args, out?: Result]) => Result;
  readonly byHand: (...args: [...Args, out?: Result]) => Result;
  readonly jvp?: (...args: never[]) => unknown;
  readonly hvp?: (...args: never[]) => unknown;
  readonly hessian?: (...args: never[]) => unknown;
  readonly parameters: Readonly<Record<string, number>>;
  readonly scalarResult?: boolean;
}

/** The cases of one problem, its three functions checked to fit together. */
export function casesOf<Args extends unknown[], Result extends { value: number }>(
  problem: Problem<Args, Result>,
  inputs: Readonly<Record<string, () => readonly Args[]>>,
): Case[] {
  return Object.entries(inputs).map(([name, lists]) => ({ scalarResult: false, ...problem, name, inputs: lists }));
}
