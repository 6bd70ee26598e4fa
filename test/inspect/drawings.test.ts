import { describe, expect, it } from 'vitest';

import { atIndex, BlockBuilder, boolean, integer, newLoopId, newValue, real, workspaceType, yields } from '../../src/graph/build.ts';
import type { Graph } from '../../src/graph/types.ts';
import { diagramOf } from '../../src/inspect/diagram.ts';
import { dotOf } from '../../src/inspect/dot.ts';
import { jsonOf } from '../../src/inspect/json.ts';
import { mermaidOf } from '../../src/inspect/mermaid.ts';

/** `for (let i = 0; i < x.length; i++) { if (s > limit) break; s += x[i]; } return s;` */
function sumUpTo(): Graph {
  const x = newValue(workspaceType, 'x');
  const limit = newValue(real, 'limit');
  const build = new BlockBuilder();
  const from = build.literal(0);
  const zero = build.literal(-0);
  const to = build.length(x);
  const s = newValue(real, 's');
  const i = newValue(integer, 'i');
  const body = new BlockBuilder();
  const isOver = body.apply('gt', [s, limit], { type: boolean });
  const leave = new BlockBuilder().block({ kind: 'break', values: [s] });
  body.if(isOver, leave, new BlockBuilder().block(yields([])), []);
  const next = body.apply('add', [s, body.load(x, atIndex(i), real)], { name: 's' });
  const result = newValue(real, 's');
  build.loop({
    id: newLoopId(),
    counter: { variable: i, from, to, test: '<', step: 1 },
    initial: [zero],
    body: body.block(yields([next]), [s]),
    done: [s],
    results: [result],
  });
  return { name: 'sumUpTo', params: [x, limit], body: build.block({ kind: 'return', values: [result] }) };
}

describe('drawings of a graph', () => {
  it('mermaid', () => {
    expect(mermaidOf(diagramOf(sumUpTo()))).toBe(`flowchart TB
  subgraph f0["sumUpTo"]
    n0(["x"])
    n1(["limit"])
    n2("0")
    n3("-0")
    n4[("length")]
    n5{{"s = for i #lt; bound, i += 1"}}
    n12[["return"]]
    subgraph f1["each iteration"]
      n6(["i"])
      n7(["s"])
      n8["gt"]
      n9{{"if"}}
      n10[("load [i]")]
      n11["s = add"]
    end
  end
  n0 --> n4
  n2 --> n5
  n4 --> n5
  n3 -->|"initial"| n7
  n7 --> n8
  n1 --> n8
  n8 --> n9
  n7 -->|"break"| n5
  n0 --> n10
  n6 --> n10
  n7 --> n11
  n10 --> n11
  n11 -.->|"next"| n7
  n7 -->|"done"| n5
  n5 --> n12
`);
  });

  it('dot', () => {
    const dot = dotOf(diagramOf(sumUpTo()));
    expect(dot).toMatch(/^digraph "sumUpTo" \{\n/);
    expect(dot).toContain('n5 [label="s = for i < bound, i += 1", shape=hexagon];');
    expect(dot).toContain('n11 -> n7 [label="next", style=dashed, constraint=false];');
    expect([...dot].filter((character) => character === '{')).toHaveLength([...dot].filter((character) => character === '}').length);
  });

  it('json has every value once, and the same bytes for the same function', () => {
    const graph = jsonOf(sumUpTo());
    expect(jsonOf(sumUpTo())).toBe(graph);
    const parsed = JSON.parse(graph) as { params: number[]; values: { id: number; name?: string }[]; body: { nodes: { kind: string }[] } };
    expect(parsed.params).toEqual([0, 1]);
    expect(parsed.values.map((value) => value.id)).toEqual(parsed.values.map((_value, index) => index));
    expect(parsed.body.nodes.map((node) => node.kind)).toEqual(['literal', 'literal', 'length', 'loop']);
    expect(graph).toContain('"value": "-0"');
  });
});
