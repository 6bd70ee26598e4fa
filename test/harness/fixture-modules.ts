/** The fixtures as modules that node loads. */

import { existsSync, readFileSync } from 'node:fs';

import { companionFiles, fixtureFiles, fixtureName, helperFiles } from './fixture-files.ts';
import type { ModuleFolder } from './load.ts';

/** All sources, and the companions that some of them call, as they are checked in. */
export function writeFixtures(folder: ModuleFolder): void {
  const sources = [...fixtureFiles(), ...helperFiles(), ...companionFiles()].map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  for (const { file, text } of sources) {
    folder.write(fixtureName(file), text);
    const golden = file.replace(/\.ts$/, '.grad.ts');
    if (isCalled(file, text) && existsSync(golden)) folder.write(fixtureName(golden), readFileSync(golden, 'utf8'));
  }
}

function isCalled(file: string, text: string): boolean {
  return file.includes('/companions/') || /from '.*\.grad\.ts'/.test(text);
}
