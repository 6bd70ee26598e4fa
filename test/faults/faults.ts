/**
 * Mistakes that a compiler of this kind makes, planted from outside: most change the finished graph of a companion at
 * every place where the mistake would show, some change a row of the table of rules while the companion is derived.
 */

import { atIndex, newValue, real } from '../../src/graph/build.ts';
import type { Companion } from '../../src/graph/primal.ts';
import type { Block, Node, Value } from '../../src/graph/types.ts';
import { mapBlocks, results, visit } from '../../src/graph/walk.ts';
import { derive } from '../../src/pipeline.ts';
import { smooth } from '../../transforms/rules/rule.ts';
import { rules } from '../../transforms/rules/table.ts';
import type { Deriver } from '../harness/compile.ts';

export interface Fault {
  readonly name: string;
  readonly deriver: Deriver;
}

/** What a fault may ask about a finished graph. */
interface Facts {
  readonly literals: ReadonlyMap<Value, unknown>;
  readonly workspaces: ReadonlySet<Value>;
  readonly shadows: ReadonlySet<Value>;
}

type Rewrite = (node: Node, facts: Facts) => Node | readonly Node[];

export const faults: readonly Fault[] = [
  inGraph('a value that the backward sweep reads is not kept', (node, { workspaces }) =>
    node.kind === 'store' && !node.backward && workspaces.has(node.memory) ? [] : node,
  ),
  inGraph('an overwritten element is not put back', (node, { workspaces, shadows }) =>
    node.kind === 'store' &&
    node.backward &&
    !workspaces.has(node.memory) &&
    !shadows.has(node.memory) &&
    !isAdjoint(node.memory)
      ? []
      : node,
  ),
  inRules('the derivative of the cosine has the wrong sign', 'cos', (m, x) => m.apply('sin', x)),
  inGraph('the shadow of an overwritten element is not zeroed', (node, { literals }) =>
    node.kind === 'store' && node.backward && isAdjoint(node.memory) && literals.get(node.value) === 0 ? [] : node,
  ),
  inGraph('a mirror leaves out its last iteration', (node) => {
    if (node.kind !== 'loop' || !isMirror(node) || node.counter?.to === undefined) return node;
    const strict = { '>=': '>', '<=': '<', '>': '>=', '<': '<=' } as const;
    return { ...node, counter: { ...node.counter, test: strict[node.counter.test] } };
  }),
  inGraph('the arms of a mirrored condition are swapped', (node) =>
    node.kind === 'if' && node.backward && yieldsTwice(node) ? { ...node, then: node.else, else: node.then } : node,
  ),
  inGraph('an adjoint in memory is overwritten instead of added to', (node) =>
    node.kind === 'accumulate' ? { ...node, kind: 'store' } : node,
  ),
  inGraph('a mirror does not carry an adjoint', (node) => {
    if (node.kind !== 'loop' || !isMirror(node) || node.body.exit.kind !== 'yield') return node;
    const { params, exit } = node.body;
    const lost = params.findIndex(({ type }) => type.kind === 'real');
    const values = exit.values.map((value, i) => (i === lost ? params[i]! : value));
    return { ...node, body: { ...node.body, exit: { ...exit, values } } };
  }),
  inGraph('a kept value is read from the next cell', (node, { workspaces }) => {
    if (node.kind !== 'load' || !node.backward || !workspaces.has(node.memory) || node.key.kind !== 'index')
      return node;
    const [one, moved] = [newValue(node.key.index.type), newValue(node.key.index.type)];
    return [
      { kind: 'literal', value: 1, result: one, backward: true },
      { kind: 'apply', op: 'add', operands: [node.key.index, one], result: moved, backward: true },
      { ...node, key: atIndex(moved) },
    ];
  }),
  inGraph('one of two contributions is lost', (node) => {
    if (node.kind !== 'apply' || node.op !== 'add' || !node.backward || !node.operands.some(isAdjoint)) return node;
    const zero = newValue(real);
    return [
      { kind: 'literal', value: 0, result: zero, backward: true },
      { ...node, operands: [node.operands[0]!, zero] },
    ];
  }),
  inGraph('a mirrored condition is not the one of its iteration', (node) => {
    if (node.kind !== 'if' || !node.backward || !yieldsTwice(node)) return node;
    const stale = newValue(node.condition.type);
    return [
      { kind: 'literal', value: true, result: stale, backward: true },
      { ...node, condition: stale },
    ];
  }),
];

function inGraph(name: string, rewrite: Rewrite): Fault {
  return {
    name,
    deriver: (primal, request) => {
      const companion = derive(primal, request);
      const facts = factsOf(companion);
      return {
        ...companion,
        graph: { ...companion.graph, body: rewritten(companion.graph.body, (node) => rewrite(node, facts)) },
      };
    },
  };
}

/** A row of the table with another factor, while the companion is derived. */
function inRules(
  name: string,
  op: keyof typeof rules,
  factor: (m: Parameters<Exclude<(typeof rules)[typeof op], string>['partials']>[0], x: Value) => Value,
): Fault {
  return {
    name,
    deriver: (primal, request) => {
      const right = rules[op];
      rules[op] = smooth((m, _y, [x]) => [(d) => m.mul(d, factor(m, x!))]);
      try {
        return derive(primal, request);
      } finally {
        rules[op] = right;
      }
    },
  };
}

function rewritten(block: Block, rewrite: (node: Node) => Node | readonly Node[]): Block {
  const nodes = block.nodes.flatMap((node) => rewrite(mapBlocks(node, (inner) => rewritten(inner, rewrite))));
  return { ...block, nodes };
}

function factsOf({ graph }: Companion): Facts {
  const facts = { literals: new Map<Value, unknown>(), workspaces: new Set<Value>(), shadows: new Set<Value>() };
  visit(graph.body, (node) => {
    if (node.kind === 'literal') facts.literals.set(node.result, node.value);
    if (node.kind === 'workspace') facts.workspaces.add(node.result);
    if (node.kind === 'shadow') for (const result of results(node)) facts.shadows.add(result);
  });
  return facts;
}

/** By its name: adjoints are called `d_…`. */
function isAdjoint({ name }: Value): boolean {
  return name?.startsWith('d_') ?? false;
}

function isMirror(node: Extract<Node, { kind: 'loop' }>): boolean {
  return node.mirrors !== undefined || node.backward === true;
}

function yieldsTwice(node: Extract<Node, { kind: 'if' }>): boolean {
  return node.then.exit.kind === 'yield' && node.else.exit.kind === 'yield';
}
