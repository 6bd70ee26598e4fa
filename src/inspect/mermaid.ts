/** Diagrams as mermaid flowcharts, which Markdown viewers draw. */

import type { Box, Diagram, Frame } from './diagram.ts';

const brackets: Record<Box['shape'], readonly [string, string]> = {
  parameter: ['([', '])'],
  literal: ['(', ')'],
  operation: ['[', ']'],
  memory: ['[(', ')]'],
  control: ['{{', '}}'],
  exit: ['[[', ']]'],
};

export function mermaidOf(diagram: Diagram): string {
  const arrows = diagram.arrows.map(({ from, to, label, isBack }) => {
    const line = isBack === true ? '-.->' : '-->';
    return `  ${from} ${line}${label === undefined ? '' : `|"${escape(label)}"|`} ${to}`;
  });
  return `${['flowchart TB', ...frameLines(diagram.root, '  '), ...arrows].join('\n')}\n`;
}

/** A frame without anything in it, like an arm that only yields, is left out. */
function frameLines(frame: Frame, indent: string): string[] {
  if (frame.boxes.length === 0 && frame.frames.length === 0) return [];
  return [
    `${indent}subgraph ${frame.id}["${escape(frame.label)}"]`,
    ...frame.boxes.map((box) => `${indent}  ${box.id}${brackets[box.shape][0]}"${escape(box.label)}"${brackets[box.shape][1]}`),
    ...frame.frames.flatMap((inner) => frameLines(inner, `${indent}  `)),
    `${indent}end`,
  ];
}

function escape(label: string): string {
  return label.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;').replaceAll('\n', ' ');
}
