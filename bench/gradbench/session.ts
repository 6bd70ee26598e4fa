import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { det } from './evals/det.ts';
import { gmm } from './evals/gmm.ts';
import { hello } from './evals/hello.ts';
import { llsq } from './evals/llsq.ts';
import { lse } from './evals/lse.ts';
import { lstm } from './evals/lstm.ts';
import { ode } from './evals/ode.ts';
import { answer, type Message, type Module } from './protocol.ts';

/** Not yet: ba, ht, kmeans, particle, saddle; they are answered as undefined. */
export const modules: Readonly<Record<string, Module>> = { hello, gmm, lstm, lse, llsq, ode, det };

/** Answers every message, until the input ends. */
export async function session(input: Readable, output: Writable): Promise<void> {
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue;
    output.write(`${JSON.stringify(answer(JSON.parse(line) as Message, modules))}\n`);
  }
}
