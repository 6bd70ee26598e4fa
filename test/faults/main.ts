/** `npm run test:faults`: each planted fault must be found by the random programs. */

import { faults } from './faults.ts';
import { findFault, soundPrograms } from './search.ts';

const programs = soundPrograms(1, 60);
console.log(`${programs.length} of 60 random programs are right without a fault`);
let missed = 0;
for (const fault of faults) {
  const outcome = findFault(fault, programs);
  if (outcome === undefined) missed++;
  const { verdict, program } = outcome ?? {};
  const found =
    verdict && verdict.kind !== 'right'
      ? `seed ${program!.seed}, ${verdict.detail.split('\n')[0]!.slice(-120)}`
      : 'NOT FOUND';
  console.log(`${fault.name}: ${found}`);
}
console.log(missed === 0 ? `all ${faults.length} faults are found` : `${missed} faults are not found`);
process.exitCode = missed === 0 ? 0 : 1;
