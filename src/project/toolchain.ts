/** Reader and printer, for those who put them together themselves. */

export { emitFile } from '../emit/emit-file.ts';
export { createProgram, type Program } from '../read/program.ts';
