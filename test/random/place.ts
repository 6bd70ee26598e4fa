/** Where a statement is made: what it may name, and how it may leave. */

import type { Surroundings } from './expressions.ts';
import type { Statement } from './program.ts';
import { Scope, type Variable } from './scope.ts';

export interface Place extends Surroundings {
  /** How deep loops, branches and functions are nested. */
  readonly depth: number;
  readonly loops: number;
  /** What a jump may name: labels of loops around, innermost last. */
  readonly labels: readonly LoopLabel[];
  /** What a `return` gives here; undefined where the function may not end early. */
  readonly result: ((place: Place) => string) | undefined;
  /** `break` means a `switch` here. */
  readonly inSwitch: boolean;
  /** May arrays get another length? Not while something runs over them. */
  readonly resizing: boolean;
}

export interface LoopLabel {
  readonly name: string;
  used: boolean;
}

/** Makes statements of one kind; none where there is nothing to make them of. */
export type Maker = (place: Place) => Statement[];

export function line(head: string): Statement[] {
  return [{ head }];
}

/** A block of its own. */
export function inner(place: Place, changes: Partial<Place> = {}): Place {
  return { ...place, scope: new Scope(place.scope), depth: place.depth + 1, ...changes };
}

/** The body of a function that is written at this place; jumps do not lead out of it. */
export function functionBody(place: Place, result: Place['result']): Place {
  return inner(place, {
    depth: place.depth + 2,
    loops: place.loops + 1,
    labels: [],
    inSwitch: false,
    resizing: false,
    result,
  });
}

export function numberVariable(name: string, assignable: boolean): Variable {
  return { name, kind: 'number', assignable, writable: false };
}

export function carried(name: string, kind: Variable['kind']): Variable {
  return { name, kind, assignable: false, writable: false };
}
