import type { Directional } from './measure/directional.ts';
import type { Bytes, Times } from './measure/measure.ts';

export interface Row {
  readonly times: Times;
  readonly bytes?: Bytes;
}

/** The figures as a table in Markdown, with the geometric means below. */
export function table(rows: readonly Row[]): string {
  const header = [
    'function',
    'primal µs',
    'generated',
    'by hand',
    'gen / hand',
    'differences',
    'bytes',
    'bytes by hand',
  ];
  const body = rows.map(({ times, bytes }) => [
    times.name,
    (times.primal / 1000).toPrecision(3),
    times.generated / times.primal,
    times.byHand / times.primal,
    times.generated / times.byHand,
    Math.round(times.differences / times.primal).toString(),
    bytes === undefined ? '' : Math.round(bytes.generated).toString(),
    bytes === undefined ? '' : Math.round(bytes.byHand).toString(),
  ]);
  const means = [2, 3, 4].map((column) => geometricMean(body.map((cells) => cells[column] as number)));
  return markdown([header, ...body, ['geometric mean', '', ...means, '', '', '']]);
}

/** One line for each series: the ratios at its sizes, and the last by the first. */
export function growthTable(series: Readonly<Record<string, readonly Row[]>>): string {
  const body = Object.values(series).map((rows) => {
    const ratios = rows.map(({ times }) => times.generated / times.primal);
    return [
      rows.map(({ times }) => times.name).join(', '),
      ratios.map(text).join(', '),
      rows.map(({ times }) => text(times.byHand / times.primal)).join(', '),
      ratios.at(-1)! / ratios[0]!,
    ];
  });
  return markdown([['sizes', 'generated / primal', 'by hand / primal', 'last by first'], ...body]);
}

/** Directional derivatives by the primal, Hessian products by the gradient, columns of Hessians by Hessian products. */
export function directionalTable(rows: readonly Directional[]): string {
  const body = rows.map(({ name, primal, gradient, jvp, hvp, hessian }) => [
    name,
    (primal / 1000).toPrecision(3),
    jvp / primal,
    hvp === undefined ? '' : hvp / gradient,
    hessian === undefined || hvp === undefined ? '' : hessian / hvp,
  ]);
  const means = [2, 3].map((column) => geometricMean(body.map((cells) => cells[column]!).filter((cell): cell is number => typeof cell === 'number')));
  return markdown([['function', 'primal µs', 'jvp / primal', 'hvp / grad', 'Hessian column / hvp'], ...body, ['geometric mean', '', ...means, '']]);
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function text(cell: string | number): string {
  return typeof cell === 'number' ? cell.toFixed(2) : cell;
}

export function markdown(lines: readonly (readonly (string | number)[])[]): string {
  const cells = lines.map((line) => line.map(text));
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [cells[0]!, rule, ...cells.slice(1)]
    .map((line) => {
      const padded = line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
      return `| ${padded.join(' | ')} |`;
    })
    .join('\n');
}
