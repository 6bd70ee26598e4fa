/** `gradgen inspect`: the graph of a tagged function, as text. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { suggestionFor } from '../diagnostics/suggestion.ts';
import type { Companion, Primal } from '../graph/primal.ts';
import type { Graph } from '../graph/types.ts';
import { diagramOf } from '../inspect/diagram.ts';
import { dotOf } from '../inspect/dot.ts';
import { jsonOf, type Kept } from '../inspect/json.ts';
import { mermaidOf } from '../inspect/mermaid.ts';
import { derive } from '../pipeline.ts';
import { openProgram } from '../project/compile.ts';
import { companionName } from '../project/source-names.ts';
import { namedTsconfig, TsconfigReader } from '../project/tsconfig.ts';
import { selectSources } from '../project/selection.ts';
import { usageError } from '../project/usage-error.ts';
import type { Command, GraphFormat } from './command-line.ts';

/** One graph after the other, in the order of the source. @throws UsageError where there is nothing to show. */
export function inspectCommand(
  command: Extract<Command, { kind: 'inspect' }>,
  cwd: string,
): { printed: string; diagnostics: readonly Diagnostic[]; files: [] } {
  const tsconfigs = new TsconfigReader();
  const project = command.project === undefined ? undefined : namedTsconfig(command.project, cwd);
  const { tagged } = selectSources([command.file], cwd, project, tsconfigs);
  const [source, ...others] = tagged;
  if (source === undefined || others.length > 0) throw usageError('GG1308', { where: `\`${command.file}\`` });
  const file = source.path;
  const config = project === undefined ? tsconfigs.configFor(file) : tsconfigs.configWithin(project, file);
  const job = { source: file, text: source.text, output: companionName(file) };
  const { primals, diagnostics } = openProgram(config, [job]).program.read(file);
  const names = primals.map((primal) => primal.signature.name);
  const wanted = command.function;
  if (wanted !== undefined && !names.includes(wanted) && diagnostics.length === 0) {
    const near = suggestionFor(wanted, names);
    const hint = near === undefined ? `there is ${names.join(', ')}` : `did you mean \`${near}\`?`;
    throw usageError('GG1112', { function: wanted, path: command.file, hint });
  }
  const shown = primals.filter((primal) => wanted === undefined || primal.signature.name === wanted);
  const drawn = command.open ? primals : openProgram(config, [job], true).program.read(file).primals;
  const graphOf = (primal: Primal): Graph => drawn.find(({ signature }) => signature.name === primal.signature.name)?.graph ?? primal.graph;
  return { printed: shown.map((primal) => textOf(primal, graphOf(primal), command.graph)).join('\n'), diagnostics, files: [] };
}

/** `graph`: how the function is shown. */
function textOf(primal: Primal, graph: Graph, format: GraphFormat): string {
  switch (format) {
    case 'mermaid':
      return mermaidOf(diagramOf(graph));
    case 'dot':
      return dotOf(diagramOf(graph));
    case 'json':
      return jsonOf(graph, primal.requests.map((request) => keptBy(derive(primal, request))));
  }
}

function keptBy({ name, stored }: Companion): Kept {
  return { companion: name, stored };
}
