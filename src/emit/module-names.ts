/** What a companion file takes from other modules: imports, copied constants, and the names that these have in it. */

import path from 'node:path';

import { append } from '../graph/lists.ts';
import type { TypeImport } from '../graph/primal.ts';
import type { ModuleReference } from '../graph/types.ts';

export interface ModuleOptions {
  /** Absolute. */
  readonly outputFile: string;
  readonly specifierStyle: '.ts' | '.js' | '';
  /** The specifier of a module, where the caller knows better. */
  readonly resolveSpecifier?: ((from: string) => string | undefined) | undefined;
}

interface Imported {
  readonly exported: string;
  readonly local: string;
  readonly specifier: string;
  readonly isType: boolean;
}

interface Copy {
  readonly name: string;
  readonly text: string;
  readonly type?: string | undefined;
  readonly documentation?: string | undefined;
}

export class ModuleNames {
  private readonly locals = new Map<string, string>();
  private readonly taken: Set<string>;
  private readonly imports = new Map<string, Imported>();
  private readonly copies: Copy[] = [];
  private readonly options: ModuleOptions;

  /** `reserved`: names that the file declares itself, and parameters of its functions. */
  constructor(options: ModuleOptions, reserved: Iterable<string>) {
    this.options = options;
    this.taken = new Set(reserved);
  }

  /** The name by which the file knows what is referred to. */
  nameOf(reference: ModuleReference): string {
    if (reference.access.kind === 'global') return reference.name;
    const key = `${reference.file}\0${reference.access.kind === 'import' ? reference.access.exported : reference.name}`;
    const known = this.locals.get(key);
    if (known !== undefined) return known;
    const local = this.imports.get(key)?.local ?? this.fresh(reference.name);
    this.locals.set(key, local);
    if (reference.access.kind === 'import') {
      const { exported } = reference.access;
      const specifier = reference.access.specifier ?? this.specifierOf(reference.file);
      this.imports.set(key, { exported, local, specifier, isType: false });
    } else {
      const { text, type, documentation } = reference.access;
      this.copies.push({ name: local, text, type, documentation });
    }
    return local;
  }

  importType({ name, exported, from }: TypeImport): void {
    const key = `${from}\0${exported}`;
    if (this.imports.has(key)) return;
    this.taken.add(name);
    this.imports.set(key, { exported, local: name, specifier: this.specifierOf(from), isType: true });
  }

  /** The names of imports and copies, as the file has them. */
  namesInFile(): readonly string[] {
    return [...this.locals.values(), ...[...this.imports.values()].map((imported) => imported.local)];
  }

  importLines(): readonly string[] {
    const groups = new Map<string, Imported[]>();
    for (const imported of this.imports.values()) {
      const key = `${imported.specifier}\0${imported.isType ? 1 : 0}`;
      append(groups, key, imported);
    }
    return [...groups.keys()].toSorted(compareText).map((key) => {
      const group = groups.get(key)!.toSorted((a, b) => compareText(a.local, b.local));
      const { specifier, isType } = group[0]!;
      const isDefault = group.length === 1 && group[0]!.exported === 'default';
      const names = group.map(({ exported, local }) => (exported === local ? local : `${exported} as ${local}`)).join(', ');
      return `import ${isType ? 'type ' : ''}${isDefault ? group[0]!.local : `{ ${names} }`} from ${JSON.stringify(specifier)};`;
    });
  }

  copyLines(): readonly string[] {
    return this.copies
      .toSorted((a, b) => compareText(a.name, b.name))
      .map((copy) => (copy.documentation === undefined ? copyLine(copy) : `/** ${copy.documentation} */\n${copyLine(copy)}`));
  }

  private fresh(wish: string): string {
    let name = wish;
    for (let i = 1; this.taken.has(name); i++) name = `${wish}_${i}`;
    this.taken.add(name);
    return name;
  }

  private specifierOf(from: string): string {
    const resolved = this.options.resolveSpecifier?.(from);
    if (resolved !== undefined) return resolved;
    if (!path.isAbsolute(from)) return from;
    const relative = path.relative(path.dirname(this.options.outputFile), from).split(path.sep).join('/');
    const dotted = relative.startsWith('.') ? relative : `./${relative}`;
    return styled(dotted, this.options.specifierStyle);
  }
}

function copyLine({ name, text, type }: Copy): string {
  return /^(?:const|let)\b/.test(text) ? text : `const ${name}${type === undefined ? '' : `: ${type}`} = ${text};`;
}

/** `.ts` as `.js` (`.mts` as `.mjs`) or without an extension. */
function styled(specifier: string, style: '.ts' | '.js' | ''): string {
  if (style === '.ts') return specifier;
  if (style === '') return specifier.replace(/\.[mc]?tsx?$/, '');
  return specifier.replace(/\.([mc]?)tsx?$/, '.$1js');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
