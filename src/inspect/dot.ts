/** Diagrams in the language of Graphviz. */

import type { Box, Diagram, Frame } from './diagram.ts';

const shapes: Record<Box['shape'], string> = {
  parameter: 'oval',
  literal: 'plaintext',
  operation: 'box',
  memory: 'cylinder',
  control: 'hexagon',
  exit: 'doubleoctagon',
};

export function dotOf(diagram: Diagram): string {
  const arrows = diagram.arrows.map(({ from, to, label, isBack }) => {
    const attributes = [
      ...(label === undefined ? [] : [`label=${quote(label)}`]),
      ...(isBack === true ? ['style=dashed', 'constraint=false'] : []),
    ];
    return `  ${from} -> ${to}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`;
  });
  const lines = [`digraph ${quote(diagram.name)} {`, '  node [fontname="monospace"];', ...frameLines(diagram.root, '  '), ...arrows, '}'];
  return `${lines.join('\n')}\n`;
}

/** A frame without anything in it, like an arm that only yields, is left out. */
function frameLines(frame: Frame, indent: string): string[] {
  if (frame.boxes.length === 0 && frame.frames.length === 0) return [];
  return [
    `${indent}subgraph cluster_${frame.id} {`,
    `${indent}  label=${quote(frame.label)};`,
    ...frame.boxes.map((box) => `${indent}  ${box.id} [label=${quote(box.label)}, shape=${shapes[box.shape]}];`),
    ...frame.frames.flatMap((inner) => frameLines(inner, `${indent}  `)),
    `${indent}}`,
  ];
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
