/**
 * A program in forward mode as a program like any other, so that it can be differentiated again: Hessian products of functions
 * whose calls stay calls are gradients of their directional derivatives.
 */

import type { Block, Graph, Value } from '../../src/graph/types.ts';
import { exitOperands, mapBlocks, visit, withNodes } from '../../src/graph/walk.ts';
import { settleFacts } from '../procedures/facts.ts';
import type { Program } from '../procedures/program.ts';
import { asPrimal } from './as-primal.ts';

export interface DirectionalProgram {
  /** Takes what the function takes and the directions, and returns the directional derivative alone. */
  readonly program: Program;
  readonly params: readonly Value[];
}

/** Expects `jvp`'s result for a function of one number, and the program that it was made of. */
export function directionalProgram(pushed: Program, primal: Program): DirectionalProgram {
  const main = withoutValue(asPrimal(withPlainCalls(pushed.main)));
  const tangents = [...pushed.procedures].map(([name, graph]) => asProcedure(graph, `${name}_along`));
  const plain = [...primal.procedures].map(([name, graph]) => asProcedure(graph, `${name}_plain`));
  const program = settleFacts({ main, procedures: new Map([...plain, ...tangents].map((graph) => [graph.name, graph])), rules: primal.rules });
  return { program: withoutUnused(program), params: main.params };
}

/** Procedures have names of their own here: what they take and give is not what it is in the gradient. */
function withPlainCalls(graph: Graph): Graph {
  const inBlock = (block: Block): Block => withNodes(block, block.nodes.map((node) => {
    if (node.kind !== 'call') return mapBlocks(node, inBlock);
    return { ...node, callee: `${node.callee}_${node.variant === 'tangent' ? 'along' : 'plain'}`, variant: 'value' };
  }));
  return { ...graph, body: inBlock(graph.body) };
}

/** Nothing is assumed of it before all calls are known. */
function asProcedure(graph: Graph, name: string): Graph {
  const made = asPrimal(withPlainCalls(graph));
  return { ...made, name, procedure: { shared: new Set(made.params), infinite: new Set(made.params), discarded: true } };
}

function withoutValue(graph: Graph): Graph {
  const [, tangent] = exitOperands(graph.body.exit);
  return { ...graph, body: { ...graph.body, exit: { kind: 'return', values: [tangent!] } } };
}

function withoutUnused(program: Program): Program {
  const used = new Set<string>();
  const use = (graph: Graph): void =>
    visit(graph.body, (node) => {
      if (node.kind !== 'call' || used.has(node.callee)) return;
      used.add(node.callee);
      use(program.procedures.get(node.callee)!);
    });
  use(program.main);
  return { ...program, procedures: new Map([...program.procedures].filter(([name]) => used.has(name))) };
}
