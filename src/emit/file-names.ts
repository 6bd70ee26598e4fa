/** Names that belong to the generated file as a whole. */

import type { ModuleReference } from '../graph/types.ts';

export interface FileNames {
  /** Names that no local of any function may have. */
  readonly reserved: Iterable<string>;
  readonly moduleName: (reference: ModuleReference) => string;
  readonly workspace: string;
  readonly reserve: string;
  readonly enlarge: string;
  readonly frames: FrameNames;
}

/** The stack of what backward halves of procedures need of the forward ones. */
export interface FrameNames {
  readonly frames: string;
  readonly top: string;
  readonly room: string;
  /** References among it. */
  readonly kept: string;
}
