import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { ba } from './evals/ba.ts';
import { det } from './evals/det.ts';
import { gmm } from './evals/gmm.ts';
import { hello } from './evals/hello.ts';
import { ht } from './evals/ht.ts';
import { kmeans } from './evals/kmeans.ts';
import { llsq } from './evals/llsq.ts';
import { lse } from './evals/lse.ts';
import { lstm } from './evals/lstm.ts';
import { ode } from './evals/ode.ts';
import { particle } from './evals/particle.ts';
import { saddle } from './evals/saddle.ts';
import { answer, type Message, type Module } from './protocol.ts';

export const modules: Readonly<Record<string, Module>> = { hello, gmm, ba, ht, lstm, kmeans, lse, llsq, ode, particle, saddle, det };

/** Answers every message, until the input ends. */
export async function session(input: Readable, output: Writable): Promise<void> {
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue;
    output.write(`${JSON.stringify(answer(JSON.parse(line) as Message, modules))}\n`);
  }
}
