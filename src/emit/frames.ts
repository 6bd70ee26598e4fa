/** The stack of frames of a file: numbers in one growable array, references in a plain one beside it. */

import { isNumberCell } from '../graph/build.ts';
import type { PopFrameNode, PushFrameNode, Value } from '../graph/types.ts';
import type { FrameNames } from './file-names.ts';
import { statement, type Line } from './lines.ts';
import { typeText } from './type-text.ts';

/** `array`: a name for the array in this block. */
export function pushLines(node: PushFrameNode, names: FrameNames, array: () => string, textOf: (value: Value) => string): readonly Line[] {
  const numbers = node.values.filter((value) => isNumberCell(value.type));
  const references = node.values.filter((value) => !isNumberCell(value.type));
  const lines = references.map((value) => statement(`${names.kept}.push(${textOf(value)});`));
  if (numbers.length === 0) return lines;
  const name = array();
  return [
    ...lines,
    statement(`const ${name} = ${names.room}(${names.top} + ${numbers.length});`),
    ...numbers.map((value, i) => statement(`${name}[${place(names, i)}] = ${value.type.kind === 'boolean' ? `${textOf(value)} ? 1 : 0` : textOf(value)};`)),
    statement(`${names.top} += ${numbers.length};`),
  ];
}

/** `define` writes a value to its variable; undefined where nobody reads it. */
export function popLines(node: PopFrameNode, names: FrameNames, define: (value: Value, text: string) => Line | undefined): readonly Line[] {
  const numbers = node.results.filter((value) => isNumberCell(value.type));
  const references = node.results.filter((value) => !isNumberCell(value.type));
  const lines: Line[] = numbers.length === 0 ? [] : [statement(`${names.top} -= ${numbers.length};`)];
  numbers.forEach((value, i) => {
    const cell = `${names.frames}[${place(names, i)}]`;
    const line = define(value, value.type.kind === 'boolean' ? `${cell} === 1` : `${cell}!`);
    if (line) lines.push(line);
  });
  for (const value of references.toReversed()) {
    const taken = `${names.kept}.pop()`;
    lines.push(define(value, `${taken} as ${typeText(value.type)}`) ?? statement(`${taken};`));
  }
  return lines;
}

function place({ top }: FrameNames, i: number): string {
  return i === 0 ? top : `${top} + ${i}`;
}

/** What a companion that uses the stack begins with: it is the first on it, or it puts back what it found. */
export function framedLines(
  names: FrameNames,
  use: { readonly numbers: boolean; readonly references: boolean; readonly mayBeEntered: boolean },
  body: readonly string[],
  fresh: (wish: string) => string,
): readonly string[] {
  if (!use.mayBeEntered) return [...(use.numbers ? [`${names.top} = 0;`] : []), ...(use.references ? [`${names.kept}.length = 0;`] : []), ...body];
  const base = use.numbers ? fresh('base') : '';
  const before = use.references ? fresh('kept_before') : '';
  return [
    ...(use.numbers ? [`const ${base} = ${names.top};`] : []),
    ...(use.references ? [`const ${before} = ${names.kept}.length;`] : []),
    'try {',
    ...body,
    '} finally {',
    ...(use.numbers ? [`${names.top} = ${base};`] : []),
    ...(use.references ? [`${names.kept}.length = ${before};`] : []),
    '}',
  ];
}

/** Empty where no function of the file leaves frames. */
export function framesText({ frames, top, room, kept }: FrameNames, use: { readonly numbers: boolean; readonly references: boolean }): string {
  const parts: string[] = [];
  if (use.numbers) {
    parts.push(`/** What backward halves need of the forward ones: a frame for each call that is still to be reversed. */
let ${frames} = new Float64Array(64);
`);
    parts.push(`/** Where the frames of the calls end that are still to be reversed. */
let ${top} = 0;
`);
    parts.push(`/** The frames, with room for \`size\` numbers. */
function ${room}(size: number): Float64Array {
  if (${frames}.length < size) {
    const larger = new Float64Array(2 * size);
    larger.set(${frames});
    ${frames} = larger;
  }
  return ${frames};
}
`);
  }
  if (use.references) {
    parts.push(`/** Memory and strings that belong to frames. */
const ${kept}: unknown[] = [];
`);
  }
  return parts.join('\n');
}
