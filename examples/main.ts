/** `npm run example`: two models, their gradients made by gradgen, fitted to data. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { fitPelts, readPelts } from './hare-lynx.ts';
import { trainIris } from './iris.ts';
import { picture } from './picture.ts';

/** Where this is run: the root of the package. */
const folder = path.resolve('examples');

const pelts = readPelts(path.join(folder, 'hare-lynx.csv'));
const fit = fitPelts(pelts);
console.log('Lotka-Volterra fitted to hare and lynx pelts, 1900-1920');
printLosses(fit.losses, 'iteration');
const named = { ...fit.rates, 'hares in 1900': fit.start.hares, 'lynxes in 1900': fit.start.lynxes };
for (const [name, value] of Object.entries(named)) console.log(`  ${name.padEnd(15)} ${value.toPrecision(4)}`);
console.log(
  `  root mean square of the log residuals: hares ${fit.haresOff.toFixed(3)}, lynxes ${fit.lynxesOff.toFixed(3)}`,
);

const training = trainIris(400);
console.log("\nSoftmax regression on Fisher's iris");
printLosses(training.losses, 'epoch');
console.log(`  accuracy on the training set: ${(100 * training.accuracy).toFixed(1)} %`);

const drawing = path.join(folder, 'example.svg');
writeFileSync(drawing, picture(pelts, fit, training));
console.log(`\nLoss curves and fit: ${path.relative('.', drawing)}`);

if (fit.haresOff > 0.3 || fit.lynxesOff > 0.3 || training.accuracy < 0.95) {
  console.error('the fit is worse than it should be');
  process.exitCode = 1;
}

/** The first, the last, and some between them. */
function printLosses(losses: readonly number[], unit: string): void {
  const last = losses.length - 1;
  const shown = new Set([0, 0.05, 0.1, 0.2, 0.4, 0.7, 1].map((share) => Math.round(share * last)));
  for (const i of shown) console.log(`  ${unit} ${String(i).padStart(3)}  loss ${losses[i]!.toFixed(5)}`);
}
