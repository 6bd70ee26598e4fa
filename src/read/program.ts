/** The compiler behind the reader: one program for all sources of a configuration. */

import type { ts } from 'ts-morph';
import { Project } from 'ts-morph';

import { missesNames, withoutEnvironment } from './environment-types.ts';
import { Facts } from './facts.ts';
import { Companions, declareCompanions, type Derivatives } from './companions.ts';
import { Rules } from './rules.ts';
import { outlinesOf, readFunction, readSource, type Compiler, type ReadResult } from './read.ts';

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
  /** How companions that code calls are found and made; without, they are functions of which only a declaration is visible. */
  readonly derivatives?: Derivatives;
  /** For drawings: what `gradgen/linalg` does, and functions that have rules, are one node each. */
  readonly areNodesWhole?: boolean;
}

export function createProgram(options: ProgramOptions): Program {
  const fewer = options.compilerOptions && withoutEnvironment(options.compilerOptions);
  if (fewer === undefined) return opened(options).program;
  const first = opened({ ...options, compilerOptions: fewer });
  const isCertain = !first.missesNames();
  let whole: Program | undefined;
  return {
    read: (file) => {
      const result = isCertain ? first.program.read(file) : undefined;
      // What is refused may be refused for what was not read.
      if (result?.diagnostics.length === 0) return result;
      whole ??= opened(options).program;
      return whole.read(file);
    },
  };
}

function opened(options: ProgramOptions): { readonly program: Program; missesNames(): boolean } {
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    ...(options.compilerOptions === undefined ? {} : { compilerOptions: options.compilerOptions }),
    ...(options.tsconfigPath === undefined ? {} : { tsConfigFilePath: options.tsconfigPath }),
  });
  for (const file of options.files) project.addSourceFileAtPathIfExists(file);
  for (const [file, text] of options.texts ?? []) project.createSourceFile(file, text, { overwrite: true });
  const { derivatives } = options;
  const sources = derivatives && declareCompanions(project, derivatives, (program, declared, source) => {
    const file = program.getSourceFile(source);
    return file === undefined ? [] : outlinesOf(compilerOf(program, declared, derivatives), derivatives, file);
  });
  const program = project.getProgram().compilerObject;
  const compiler = { ...compilerOf(program, sources, derivatives), areNodesWhole: options.areNodesWhole ?? false };
  return {
    program: {
      read: (file) => {
        const source = project.getSourceFile(file)?.compilerNode;
        if (source === undefined) throw new Error(`${file} does not belong to the program`);
        return readSource(compiler, program.getSourceFile(source.fileName) ?? source);
      },
    },
    missesNames: () => missesNames(program),
  };
}

function compilerOf(program: ts.Program, sources: ReadonlyMap<string, string> | undefined, derivatives: Derivatives | undefined): Compiler {
  const checker = program.getTypeChecker();
  const facts = new Facts(checker, () => program.getSourceFiles());
  const isCalling = derivatives !== undefined && sources !== undefined && sources.size > 0;
  const companions = isCalling ? new Companions(program, sources, derivatives, (file, tagged) => readFunction(compiler, file, tagged)) : undefined;
  const compiler: Compiler = { program, checker, facts, companions, rules: new Rules(program) };
  return compiler;
}
