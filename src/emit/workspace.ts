/** The scratch of a file: one growable array, reused from call to call. */

export interface WorkspaceNames {
  readonly workspace: string;
  readonly reserve: string;
  readonly enlarge: string;
}

/** How the companions of a file use it: as it is, or taken for the time of a call that may be entered again. */
export interface WorkspaceUse {
  readonly isReserved: boolean;
  readonly isTaken: boolean;
}

/** Empty where no companion needs scratch. */
export function workspaceText(names: WorkspaceNames, { isReserved, isTaken }: WorkspaceUse): string {
  const parts = [
    isReserved || isTaken ? declarationText(names, isTaken) : '',
    isReserved ? reserveText(names) : '',
    isTaken ? enlargeText(names) : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function declarationText({ workspace }: WorkspaceNames, isTaken: boolean): string {
  return `/** Scratch of this file, reused from call to call. */
let ${workspace}${isTaken ? ': Float64Array' : ''} = new Float64Array(64);
`;
}

function reserveText({ workspace, reserve }: WorkspaceNames): string {
  return `/** At least \`size\` numbers of scratch; what it holds is kept when it grows. */
function ${reserve}(size: number): Float64Array {
  if (${workspace}.length < size) {
    const larger = new Float64Array(2 * size);
    larger.set(${workspace});
    ${workspace} = larger;
  }
  return ${workspace};
}
`;
}

function enlargeText({ enlarge }: WorkspaceNames): string {
  return `/** \`held\`, or a larger copy of it with at least \`size\` numbers. */
function ${enlarge}(held: Float64Array, size: number): Float64Array {
  if (held.length >= size) return held;
  const larger = new Float64Array(2 * size);
  larger.set(held);
  return larger;
}
`;
}
