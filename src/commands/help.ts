/** What `gradgen --help` prints. */

export const helpText = `gradgen writes the gradients of annotated TypeScript functions.

Usage
  gradgen [files, folders or globs …] [options]
  gradgen inspect FILE [-f function] --graph mermaid|dot|json [--open]
  gradgen explain CODE

Write \`/** @grad w b */\` before a function; gradgen puts grad_<function> into <file>.grad.ts.
Without files: everything that the tsconfig (its references followed) includes and that carries a tag.

Options
  -d, --out-dir DIR       write there instead of beside the source, mirroring the folders
  -o, --out-file FILE     one source only; \`-\` prints to standard output
  -p, --project FILE      tsconfig to use (default: the nearest one that includes the file)
      --check             write nothing; exit with 1 and list what is missing, stale or orphaned
      --comments WHAT     source (default), lines or none: what the backward statements say
      --reporter NAME     pretty, plain, json or github: how diagnostics are printed
      --no-color          no colours (also with NO_COLOR)
  -q, --quiet             print nothing but diagnostics
  -v, --version           print the version
  -h, --help              print this

Exit codes
  0  done
  1  something in your code needs attention
  2  wrong usage, bad configuration, a pattern that matches nothing, or a crash
`;
