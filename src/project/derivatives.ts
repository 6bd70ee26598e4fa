/** What the reader is told of companions that sources call: where they come from, and what they are. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { emitDeclarations } from '../emit/declarations.ts';
import { influentialParameters, nested } from '../pipeline.ts';
import type { Derivatives } from '../read/companions.ts';
import { hasHeader, sourceInHeader } from './header.ts';
import { packageRootOf } from './packages.ts';
import type { Job } from './plan.ts';
import { isCompanionName, sourceNamesOf } from './source-names.ts';

/** Companions of this run's sources lie where the run writes them, others beside their sources. */
export function derivativesFor(jobs: readonly Pick<Job, 'source' | 'output'>[]): Derivatives {
  const written = new Map(jobs.map((job) => [path.normalize(job.output), job.source]));
  return {
    sourceOf: (file) => written.get(path.normalize(file)) ?? sourceBeside(file),
    influentialParameters: (primal) => influentialParameters(primal),
    declarations: (outlines, file) => emitDeclarations(outlines, file),
    nested: (primal, request) => nested(primal, request),
  };
}

/** The source of a companion that gradgen may write: what its header says, or what lies beside it. */
export function sourceBeside(companion: string): string | undefined {
  if (!isCompanionName(companion)) return undefined;
  const text = existsSync(companion) ? readFileSync(companion, 'utf8') : undefined;
  if (text !== undefined && !hasHeader(text)) return undefined;
  const named = text === undefined ? undefined : sourceInHeader(text);
  const root = packageRootOf(path.dirname(companion)) ?? '';
  const candidates = [...(named === undefined ? [] : [path.join(root, named)]), ...sourceNamesOf(companion)];
  return candidates.find((file) => existsSync(file));
}
