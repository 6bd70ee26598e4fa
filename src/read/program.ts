/** The compiler behind the reader: one program for all sources of a configuration. */

import type { ts } from 'ts-morph';
import { Project } from 'ts-morph';

import { Facts } from './facts.ts';
import { readSource, type ReadResult } from './read.ts';

export interface Program {
  /** Every tagged function of the file. The file belongs to the program. */
  read(file: string): ReadResult;
}

export interface ProgramOptions {
  readonly compilerOptions?: ts.CompilerOptions;
  /** Used where no compiler options are given. */
  readonly tsconfigPath?: string;
  /** Absolute paths; what they import is found by itself. */
  readonly files: readonly string[];
  /** Texts that stand for the contents of files, which need not exist. */
  readonly texts?: ReadonlyMap<string, string>;
}

export function createProgram(options: ProgramOptions): Program {
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    ...(options.compilerOptions === undefined ? {} : { compilerOptions: options.compilerOptions }),
    ...(options.tsconfigPath === undefined ? {} : { tsConfigFilePath: options.tsconfigPath }),
  });
  for (const file of options.files) project.addSourceFileAtPathIfExists(file);
  for (const [file, text] of options.texts ?? []) project.createSourceFile(file, text, { overwrite: true });
  const program = project.getProgram().compilerObject;
  const checker = program.getTypeChecker();
  const facts = new Facts(checker, () => program.getSourceFiles());
  return {
    read: (file) => {
      const source = project.getSourceFile(file)?.compilerNode;
      if (source === undefined) throw new Error(`${file} does not belong to the program`);
      return readSource({ program, checker, facts }, program.getSourceFile(source.fileName) ?? source);
    },
  };
}
