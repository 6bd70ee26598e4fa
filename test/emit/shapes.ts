/** A companion with parameters of every structure, built by hand. */

import { atField, atIndex, BlockBuilder, newValue, real, yields } from '../../src/graph/build.ts';
import { shapeOf } from '../../src/companion-shapes.ts';
import type { Companion, Parameter } from '../../src/graph/primal.ts';
import type { ArrayType, Container, RecordType, Type } from '../../src/graph/types.ts';
import { at } from './graphs.ts';

const array = (element: Type, container: Container = 'Array'): ArrayType => ({ kind: 'array', container, element });
const record = (fields: Record<string, Type>): RecordType => ({
  kind: 'record',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

function parameter(name: string, type: Type, text: string): Parameter {
  return { name, type, text: { text, imports: [] }, optional: false, rest: false, value: newValue(type, name) };
}

export function shapes(): Companion {
  const point = record({ x: real, y: real });
  const doubles = array(real, 'Float64Array');
  const m = parameter('m', array(array(real)), 'readonly (readonly number[])[]');
  const p = parameter('p', record({ x: real, w: doubles, label: { kind: 'opaque', text: 'string' } }), '{ readonly x: number; w: Float64Array; label: string }');
  const o = parameter('o', { kind: 'optional', of: doubles }, 'Float64Array | undefined');
  const f = parameter('f', array(real, 'Float32Array'), 'Float32Array');
  const q = parameter('q', array(point), 'readonly { x: number; y: number }[]');
  const t = parameter('t', { kind: 'tuple', elements: [real, real] }, 'readonly [number, number]');
  const b = new BlockBuilder(at(3, 'v = m[0][1]'));
  const d_m = b.shadow(m.value, 'd_m', ['m']);
  const w = b.load(p.value, atField('w'), doubles);
  const d_w = b.shadow(w, 'd_p_w', ['p', 'w']);
  const d_o = b.shadow(o.value, 'd_o', ['o']);
  const d_f = b.shadow(f.value, 'd_f', ['f']);
  const d_q = b.shadow(q.value, 'd_q', ['q']);
  const value = b.load(b.load(m.value, atIndex(b.literal(0)), array(real)), atIndex(b.literal(1)), real, 'v');
  const one = b.literal(1);
  const back = new BlockBuilder(at(3, 'v = m[0][1]'), true);
  back.accumulate(back.load(d_m, atIndex(back.literal(0)), array(real)), atIndex(one), one);
  back.accumulate(d_w, atIndex(back.literal(0)), back.apply('neg', [one]));
  back.accumulate(d_f, atIndex(back.literal(0)), one);
  const given = new BlockBuilder(back.origin, true);
  given.accumulate(d_o, atIndex(given.literal(0)), one);
  back.if(back.apply('present', [o.value]), given.block(yields([])), new BlockBuilder().block(yields([])), []);
  back.accumulate(back.load(d_q, atIndex(back.literal(0)), point), atField('x'), one);
  const d_x = back.apply('add', [value, one]);
  const d_p = back.alloc(record({ x: real, w: doubles }), { kind: 'fields', values: [d_x, d_w] }, 'd_p');
  const d_t = back.alloc({ kind: 'tuple', elements: [real, real] }, { kind: 'elements', values: [back.literal(0, real), value] }, 'd_t');
  b.nodes.push(...back.nodes);
  const params = [m, p, o, f, q, t];
  return {
    kind: 'grad',
    name: 'grad_shapes',
    resultName: 'ShapesGrad',
    stored: [],
    refusedCheckpoints: [],
    signature: {
      name: 'shapes',
      exported: true,
      file: '/project/source.ts',
      documentation: [],
      params,
      typeParameters: '',
      result: real,
      resultText: { text: 'number', imports: [] },
      resultCanBeWritten: true,
    },
    differentiated: params,
    ...shapeOf('grad', { result: real }, params),
    graph: {
      name: 'grad_shapes',
      params: params.map((each) => each.value),
      body: b.block({ kind: 'return', values: [value, d_m, d_p, d_o, d_f, d_q, d_t] }),
    },
    procedures: [],
  withoutInfluence: [],
  };
}
