/** `node one-case.js times|bytes|directional NAME SECONDS`: one case, in a process of its own, its figures as JSON. */

import { cases, growth } from './cases.ts';
import { checkDirectional, directionalTimesOf } from './measure/directional.ts';
import { bytesOf, checkCase, timesOf } from './measure/measure.ts';

const [what, name, seconds] = process.argv.slice(2);
const found = [...cases, ...Object.values(growth).flat()].find((given) => given.name === name);
if (found === undefined) throw new Error(`there is no case ${name}`);
if (what === 'bytes') {
  console.log(JSON.stringify(bytesOf(found)));
} else if (what === 'directional') {
  checkDirectional(found);
  console.log(JSON.stringify(directionalTimesOf(found, Number(seconds))));
} else {
  checkCase(found);
  console.log(JSON.stringify(timesOf(found, Number(seconds))));
}
