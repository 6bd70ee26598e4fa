/** What the reader is told of companions that sources call: where they come from, and what they are. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { emitDeclarations } from '../emit/declarations.ts';
import { influentialParameters, nested } from '../pipeline.ts';
import type { Derivatives } from '../read/companions.ts';
import { hasHeader } from './header.ts';
import type { Job } from './plan.ts';
import { isCompanionName, sourceNamesOf } from './source-names.ts';

/** Companions of this run's sources lie where the run writes them, others beside their sources. */
export function derivativesFor(jobs: readonly Pick<Job, 'source' | 'output'>[]): Derivatives {
  const written = new Map(jobs.map((job) => [path.normalize(job.output), job.source]));
  return {
    sourceOf: (file) => written.get(path.normalize(file)) ?? sourceBeside(file),
    influentialParameters,
    declarations: emitDeclarations,
    nested: (primal, request) => nested(primal, request),
  };
}

/** The source of a companion that gradgen may write. */
export function sourceBeside(companion: string): string | undefined {
  if (!isCompanionName(companion)) return undefined;
  if (existsSync(companion) && !hasHeader(readFileSync(companion, 'utf8'))) return undefined;
  return sourceNamesOf(companion).find((file) => existsSync(file));
}
