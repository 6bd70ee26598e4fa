/** Loss curves and the fit as one SVG. */

import type { Fit, Pelts } from './hare-lynx.ts';
import type { Training } from './iris.ts';

interface Series {
  readonly label: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Drawn as dots, not as a line. */
  readonly dots?: boolean;
}

interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly logarithmic?: boolean;
  readonly series: readonly Series[];
}

const [width, height, margin] = [460, 320, 56] as const;

export function picture(pelts: Pelts, fit: Fit, training: Training): string {
  const losses = (values: readonly number[]) => values.map((value, i): [number, number] => [i, value]);
  const panels: readonly Panel[] = [
    {
      title: 'Pelts of hares and lynxes',
      xLabel: 'year',
      yLabel: 'thousands',
      series: [
        { label: 'hares, fitted', colour: '#2b6cb0', points: fit.curve.map((p) => [p.year, p.hares]) },
        { label: 'lynxes, fitted', colour: '#c05621', points: fit.curve.map((p) => [p.year, p.lynxes]) },
        {
          label: 'hares',
          colour: '#2b6cb0',
          dots: true,
          points: pelts.years.map((year, i) => [year, pelts.hares[i]!]),
        },
        {
          label: 'lynxes',
          colour: '#c05621',
          dots: true,
          points: pelts.years.map((year, i) => [year, pelts.lynxes[i]!]),
        },
      ],
    },
    {
      title: 'Fit: loss by iteration',
      xLabel: 'iteration',
      yLabel: 'sum of squares',
      logarithmic: true,
      series: [{ label: 'loss', colour: '#2f855a', points: losses(fit.losses) }],
    },
    {
      title: 'Iris: loss by epoch',
      xLabel: 'epoch',
      yLabel: 'cross entropy',
      logarithmic: true,
      series: [{ label: 'loss', colour: '#6b46c1', points: losses(training.losses) }],
    },
  ];
  const drawn = panels.map((panel, i) => `<g transform="translate(${i * width} 0)">\n${drawPanel(panel)}\n</g>`);
  const size = `width="${panels.length * width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="white"/>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, xLabel, yLabel, logarithmic = false, series }: Panel): string {
  const points = series.flatMap((one) => one.points);
  const height01 = (y: number): number => (logarithmic ? Math.log10(y) : y);
  const x = axis(
    points.map(([px]) => px),
    [margin, width - 16],
  );
  const y = axis([...points.map(([, py]) => height01(py)), ...(logarithmic ? [] : [0])], [height - margin, 36]);
  const at = ([px, py]: readonly [number, number]): string =>
    `${x.place(px).toFixed(1)},${y.place(height01(py)).toFixed(1)}`;
  const labelOf = (value: number): string => (logarithmic ? (10 ** value).toPrecision(2) : String(value));
  const lines = [
    `<text x="${width / 2}" y="20" text-anchor="middle" font-size="13">${title}</text>`,
    ...x.ticks.map((t) => `<text x="${x.place(t)}" y="${height - margin + 16}" text-anchor="middle">${t}</text>`),
    ...y.ticks.flatMap((t) => [
      `<line x1="${margin}" x2="${width - 16}" y1="${y.place(t)}" y2="${y.place(t)}" stroke="#e2e8f0"/>`,
      `<text x="${margin - 6}" y="${y.place(t) + 4}" text-anchor="end">${labelOf(t)}</text>`,
    ]),
    `<text x="${width / 2}" y="${height - 14}" text-anchor="middle">${xLabel}</text>`,
    `<text transform="translate(14 ${height / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>`,
  ];
  for (const { points: own, colour, dots } of series) {
    if (dots)
      lines.push(
        ...own.map((p) => `<circle cx="${at(p).split(',')[0]}" cy="${at(p).split(',')[1]}" r="3" fill="${colour}"/>`),
      );
    else lines.push(`<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${own.map(at).join(' ')}"/>`);
  }
  if (series.length > 1) {
    lines.push(
      ...series
        .filter(({ dots }) => dots)
        .map(({ label, colour }, i) => `<text x="${width - 70}" y="${48 + 15 * i}" fill="${colour}">● ${label}</text>`),
    );
  }
  return lines.join('\n');
}

/** From data to pixels, and round numbers to label. */
function axis(values: readonly number[], [from, to]: readonly [number, number]) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const span = most - least || 1;
  const rough = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * rough).find((candidate) => span / candidate <= 6) ?? span;
  const ticks: number[] = [];
  for (let t = Math.ceil(least / step) * step; t <= most + 1e-9 * span; t += step) ticks.push(Number(t.toFixed(6)));
  return { ticks, place: (value: number) => from + ((value - least) / span) * (to - from) };
}
