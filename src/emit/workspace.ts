/** The scratch of a file: one growable array, reused from call to call. */

export function workspaceText(workspace: string, reserve: string): string {
  return `/** Scratch of this file, reused from call to call. */
let ${workspace} = new Float64Array(64);

/** At least \`size\` numbers of scratch; what it holds is kept when it grows. */
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
