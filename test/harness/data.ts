/** Arguments, results and gradients as trees of numbers. */

export type Datum = unknown;

/** The way to a number: field names and indices. */
export type Path = readonly (string | number)[];

export interface Leaf {
  readonly path: Path;
  readonly value: number;
}

/** All numbers of a tree, in order; what is not a number is left out. Typed arrays of integers hold no leaves. */
export function leavesOf(datum: Datum, path: Path = []): Leaf[] {
  if (typeof datum === 'number') return [{ path, value: datum }];
  if (isIntegerArray(datum)) return [];
  return childrenOf(datum).flatMap(([key, part]) => leavesOf(part, [...path, key]));
}

/** The datum at a path; undefined where there is none. */
export function at(datum: Datum, path: Path): Datum {
  return path.reduce<Datum>((part, key) => (part as Record<string | number, Datum> | undefined)?.[key], datum);
}

/** A copy with other numbers at one place; what is shared in the original stays shared only in the rest. */
export function withNumberAt(datum: Datum, path: Path, value: number): Datum {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = shallowCopy(datum) as Record<string | number, Datum>;
  copy[key] = withNumberAt(copy[key], rest, value);
  return copy;
}

/** The same tree with NaN for each number. */
export function poisoned(datum: Datum): Datum {
  if (typeof datum === 'number') return Number.NaN;
  if (isTypedArray(datum)) return datum.slice().fill(Number.NaN);
  if (Array.isArray(datum)) return datum.map(poisoned);
  if (typeof datum !== 'object' || datum === null) return datum;
  return Object.fromEntries(Object.entries(datum).map(([name, part]) => [name, poisoned(part)]));
}

/** Freezes what can be frozen: plain arrays and objects, not typed arrays. */
export function freeze<T>(datum: T): T {
  if (typeof datum !== 'object' || datum === null || isTypedArray(datum)) return datum;
  for (const [, part] of childrenOf(datum)) freeze(part);
  return Object.freeze(datum);
}

/** Where two trees differ in a bit, in kind or in length; undefined where they do not. */
export function firstDifference(a: Datum, b: Datum, path: Path = []): string | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    return Object.is(a, b) ? undefined : `${printPath(path)}: ${printDatum(a)} and ${printDatum(b)}`;
  }
  if (kindOf(a) !== kindOf(b)) return `${printPath(path)}: ${kindOf(a)} and ${kindOf(b)}`;
  const [left, right] = [childrenOf(a), childrenOf(b)];
  if (left.length !== right.length) return `${printPath(path)}: ${left.length} parts and ${right.length}`;
  for (const [key, part] of left) {
    const difference = firstDifference(part, at(b, [key]), [...path, key]);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** `Float64Array`, `Array`, `object`, `number`, … */
export function kindOf(datum: Datum): string {
  if (Array.isArray(datum)) return 'Array';
  if (isTypedArray(datum)) return datum.constructor.name;
  return typeof datum;
}

export function printPath(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

export function printDatum(datum: Datum): string {
  if (isTypedArray(datum)) return `${kindOf(datum)}.of(${[...datum].join(', ')})`;
  if (Array.isArray(datum)) return `[${datum.map(printDatum).join(', ')}]`;
  if (Object.is(datum, -0)) return '-0';
  if (typeof datum === 'object' && datum !== null) {
    return `{ ${Object.entries(datum)
      .map(([name, part]) => `${name}: ${printDatum(part)}`)
      .join(', ')} }`;
  }
  return typeof datum === 'string' ? JSON.stringify(datum) : String(datum);
}

export function isTypedArray(datum: Datum): datum is Float64Array {
  return ArrayBuffer.isView(datum) && !(datum instanceof DataView);
}

export function isIntegerArray(datum: Datum): boolean {
  return isTypedArray(datum) && !kindOf(datum).startsWith('Float');
}

function childrenOf(datum: Datum): [string | number, Datum][] {
  if (isTypedArray(datum) || Array.isArray(datum)) return Array.from(datum as ArrayLike<Datum>, (part, i) => [i, part]);
  return typeof datum === 'object' && datum !== null ? Object.entries(datum) : [];
}

function shallowCopy(datum: Datum): Datum {
  if (isTypedArray(datum)) return datum.slice();
  if (Array.isArray(datum)) return [...(datum as Datum[])];
  return Object.assign(Object.create(Object.getPrototypeOf(datum) as object | null) as object, datum);
}
