/**
 * `gradgen/linalg`: nodes for vectors and matrices, as plain TypeScript that runs as it is. gradgen puts their loops, and those of
 * their rules, into the code that it generates.
 *
 * Arguments are `Float64Array` or `number[]`, results new `Float64Array`s. A matrix is row-major, its sizes are given with it. Sizes
 * are not checked: an element that is missing makes the result NaN.
 */

export * from './activations.ts';
export * from './matrices.ts';
export * from './systems.ts';
export * from './vectors.ts';
