/** gradgen as a tool of GradBench: `node dist/bench/gradbench/tool.js` reads messages from stdin and answers on stdout. */

import { session } from './session.ts';

await session(process.stdin, process.stdout);
