import { ba as baByHand } from './by-hand/ba.ts';
import { det as detByHand } from './by-hand/det.ts';
import { gmm as gmmByHand } from './by-hand/gmm.ts';
import { gmmRows as gmmRowsByHand } from './by-hand/gmm-rows.ts';
import { ht as htByHand } from './by-hand/ht.ts';
import { kmeans as kmeansByHand } from './by-hand/kmeans.ts';
import { llsq as llsqByHand } from './by-hand/llsq.ts';
import { logisticRegression as logisticRegressionByHand } from './by-hand/logistic-regression.ts';
import { lotkaVolterra as lotkaVolterraByHand } from './by-hand/lotka-volterra.ts';
import { lse as lseByHand } from './by-hand/lse.ts';
import { lstm as lstmByHand } from './by-hand/lstm.ts';
import { lu as luByHand } from './by-hand/lu.ts';
import { mlp as mlpByHand } from './by-hand/mlp.ts';
import { mlpRows as mlpRowsByHand } from './by-hand/mlp-rows.ts';
import { neuron as neuronByHand } from './by-hand/neuron.ts';
import { ode as odeByHand } from './by-hand/ode.ts';
import { rosenbrock as rosenbrockByHand } from './by-hand/rosenbrock.ts';
import { casesOf, type Case } from './case.ts';
import { baInput } from './inputs/ba.ts';
import { gmmInput, gmmRowsInput } from './inputs/gmm.ts';
import { htInput } from './inputs/ht.ts';
import { kmeansInput } from './inputs/kmeans.ts';
import { llsqInput } from './inputs/llsq.ts';
import { logisticRegressionInput } from './inputs/logistic-regression.ts';
import { lotkaVolterraInput } from './inputs/lotka-volterra.ts';
import { lseInput } from './inputs/lse.ts';
import { lstmInput } from './inputs/lstm.ts';
import { matrixInput } from './inputs/matrix.ts';
import { mlpInput, mlpRowsInput } from './inputs/mlp.ts';
import { neuronInputs } from './inputs/neuron.ts';
import { odeInput } from './inputs/ode.ts';
import { rosenbrockInput } from './inputs/rosenbrock.ts';
import { grad_ba, hvp_ba, jvp_ba } from './problems/ba.grad.ts';
import { ba } from './problems/ba.ts';
import { grad_det, hvp_det, jvp_det } from './problems/det.grad.ts';
import { det } from './problems/det.ts';
import { grad_gmm, hvp_gmm, jvp_gmm } from './problems/gmm.grad.ts';
import { gmm } from './problems/gmm.ts';
import { grad_gmmRows, hvp_gmmRows, jvp_gmmRows } from './problems/gmm-rows.grad.ts';
import { gmmRows } from './problems/gmm-rows.ts';
import { grad_ht, hvp_ht, jvp_ht } from './problems/ht.grad.ts';
import { ht } from './problems/ht.ts';
import { grad_kmeans, hvp_kmeans, jvp_kmeans } from './problems/kmeans.grad.ts';
import { kmeans } from './problems/kmeans.ts';
import { grad_llsq, hvp_llsq, jvp_llsq } from './problems/llsq.grad.ts';
import { llsq } from './problems/llsq.ts';
import { grad_logisticRegression, hvp_logisticRegression, jvp_logisticRegression } from './problems/logistic-regression.grad.ts';
import { logisticRegression } from './problems/logistic-regression.ts';
import { grad_lotkaVolterra, hvp_lotkaVolterra, jvp_lotkaVolterra } from './problems/lotka-volterra.grad.ts';
import { lotkaVolterra } from './problems/lotka-volterra.ts';
import { grad_lse, hvp_lse, jvp_lse } from './problems/lse.grad.ts';
import { lse } from './problems/lse.ts';
import { grad_lstm, hvp_lstm, jvp_lstm } from './problems/lstm.grad.ts';
import { lstm } from './problems/lstm.ts';
import { grad_lu, hvp_lu, jvp_lu } from './problems/lu.grad.ts';
import { lu } from './problems/lu.ts';
import { grad_mlp, hvp_mlp, jvp_mlp } from './problems/mlp.grad.ts';
import { mlp } from './problems/mlp.ts';
import { grad_mlpLinalg, hvp_mlpLinalg, jvp_mlpLinalg } from './problems/mlp-linalg.grad.ts';
import { mlpLinalg } from './problems/mlp-linalg.ts';
import { grad_mlpRows, hvp_mlpRows, jvp_mlpRows } from './problems/mlp-rows.grad.ts';
import { mlpRows } from './problems/mlp-rows.ts';
import { grad_neuron, hvp_neuron, jvp_neuron } from './problems/neuron.grad.ts';
import { neuron } from './problems/neuron.ts';
import { grad_ode, hvp_ode, jvp_ode } from './problems/ode.grad.ts';
import { ode } from './problems/ode.ts';
import { grad_rosenbrock, hessian_rosenbrock, hvp_rosenbrock, jvp_rosenbrock } from './problems/rosenbrock.grad.ts';
import { rosenbrock } from './problems/rosenbrock.ts';

const neuronProblem = {
  primal: neuron,
  generated: grad_neuron,
  jvp: jvp_neuron,
  hvp: hvp_neuron,
  byHand: neuronByHand,
  parameters: { theta: 1, b: 2 },
  scalarResult: true,
};
const rosenbrockProblem = {
  primal: rosenbrock,
  generated: grad_rosenbrock,
  jvp: jvp_rosenbrock,
  hvp: hvp_rosenbrock,
  hessian: hessian_rosenbrock,
  byHand: rosenbrockByHand,
  parameters: { x: 0 },
};
const logisticRegressionProblem = {
  primal: logisticRegression,
  generated: grad_logisticRegression,
  jvp: jvp_logisticRegression,
  hvp: hvp_logisticRegression,
  byHand: logisticRegressionByHand,
  parameters: { w: 0, b: 1 },
};
const mlpProblem = {
  primal: mlp,
  generated: grad_mlp,
  jvp: jvp_mlp,
  hvp: hvp_mlp,
  byHand: mlpByHand,
  parameters: { w1: 0, b1: 1, w2: 2, b2: 3 },
};
const mlpLinalgProblem = {
  primal: mlpLinalg,
  generated: grad_mlpLinalg,
  jvp: jvp_mlpLinalg,
  hvp: hvp_mlpLinalg,
  byHand: mlpByHand,
  parameters: { w1: 0, b1: 1, w2: 2, b2: 3 },
};
const mlpRowsProblem = {
  primal: mlpRows,
  generated: grad_mlpRows,
  jvp: jvp_mlpRows,
  hvp: hvp_mlpRows,
  byHand: mlpRowsByHand,
  parameters: { network: 0 },
};
const lotkaVolterraProblem = {
  primal: lotkaVolterra,
  generated: grad_lotkaVolterra,
  jvp: jvp_lotkaVolterra,
  hvp: hvp_lotkaVolterra,
  byHand: lotkaVolterraByHand,
  parameters: { p: 0, start: 1 },
};
const gmmProblem = {
  primal: gmm,
  generated: grad_gmm,
  jvp: jvp_gmm,
  hvp: hvp_gmm,
  byHand: gmmByHand,
  parameters: { alpha: 0, mu: 1, q: 2, l: 3 },
};
const gmmRowsProblem = {
  primal: gmmRows,
  generated: grad_gmmRows,
  jvp: jvp_gmmRows,
  hvp: hvp_gmmRows,
  byHand: gmmRowsByHand,
  parameters: { alpha: 0, mu: 1, q: 2, l: 3 },
};
const lseProblem = {
  primal: lse,
  generated: grad_lse,
  jvp: jvp_lse,
  hvp: hvp_lse,
  byHand: lseByHand,
  parameters: { x: 0 },
};
const llsqProblem = {
  primal: llsq,
  generated: grad_llsq,
  jvp: jvp_llsq,
  hvp: hvp_llsq,
  byHand: llsqByHand,
  parameters: { x: 0 },
};
const lstmProblem = {
  primal: lstm,
  generated: grad_lstm,
  jvp: jvp_lstm,
  hvp: hvp_lstm,
  byHand: lstmByHand,
  parameters: { main: 0, extra: 1 },
};
const odeProblem = {
  primal: ode,
  generated: grad_ode,
  jvp: jvp_ode,
  hvp: hvp_ode,
  byHand: odeByHand,
  parameters: { x: 0 },
};
const detProblem = {
  primal: det,
  generated: grad_det,
  jvp: jvp_det,
  hvp: hvp_det,
  byHand: detByHand,
  parameters: { a: 0 },
};
const luProblem = {
  primal: lu,
  generated: grad_lu,
  jvp: jvp_lu,
  hvp: hvp_lu,
  byHand: luByHand,
  parameters: { matrix: 0 },
};
const baProblem = {
  primal: ba,
  generated: grad_ba,
  jvp: jvp_ba,
  hvp: hvp_ba,
  byHand: baByHand,
  parameters: { cameras: 0, points: 1, weights: 2 },
};
const htProblem = {
  primal: ht,
  generated: grad_ht,
  jvp: jvp_ht,
  hvp: hvp_ht,
  byHand: htByHand,
  parameters: { theta: 0, us: 1 },
};
const kmeansProblem = {
  primal: kmeans,
  generated: grad_kmeans,
  jvp: jvp_kmeans,
  hvp: hvp_kmeans,
  byHand: kmeansByHand,
  parameters: { centroids: 0 },
};

/** What the table shows. */
export const cases: readonly Case[] = [
  casesOf(neuronProblem, { neuron: neuronInputs }),
  casesOf(rosenbrockProblem, {
    'rosenbrock 100': () => [rosenbrockInput(100)],
    'rosenbrock 10000': () => [rosenbrockInput(10_000)],
  }),
  casesOf(logisticRegressionProblem, {
    'logistic regression 1000x20': () => [logisticRegressionInput(1000, 20)],
  }),
  casesOf(mlpProblem, {
    'mlp 32-64-10': () => [mlpInput(64, 32, 64, 10)],
    'mlp 784-64-10': () => [mlpInput(64, 784, 64, 10)],
  }),
  casesOf(mlpLinalgProblem, {
    'mlp-linalg 32-64-10': () => [mlpInput(64, 32, 64, 10)],
    'mlp-linalg 784-64-10': () => [mlpInput(64, 784, 64, 10)],
  }),
  casesOf(mlpRowsProblem, {
    'mlp-rows 32-64-10': () => [mlpRowsInput(64, 32, 64, 10)],
    'mlp-rows 784-64-10': () => [mlpRowsInput(64, 784, 64, 10)],
  }),
  casesOf(lotkaVolterraProblem, {
    'lotka-volterra 200': () => [lotkaVolterraInput(200)],
  }),
  casesOf(gmmProblem, {
    'gmm 2/5': () => [gmmInput(2, 5, 1000)],
    'gmm 10/5': () => [gmmInput(10, 5, 1000)],
    'gmm 20/10': () => [gmmInput(20, 10, 1000)],
    'gmm 32/25': () => [gmmInput(32, 25, 1000)],
  }),
  casesOf(gmmRowsProblem, {
    'gmm-rows 2/5': () => [gmmRowsInput(2, 5, 1000)],
    'gmm-rows 10/5': () => [gmmRowsInput(10, 5, 1000)],
    'gmm-rows 20/10': () => [gmmRowsInput(20, 10, 1000)],
    'gmm-rows 32/25': () => [gmmRowsInput(32, 25, 1000)],
  }),
  casesOf(lseProblem, { 'lse 100000': () => [lseInput(100_000)] }),
  casesOf(llsqProblem, {
    'llsq 64x1024': () => [llsqInput(64, 1024)],
    'llsq 1000x1000': () => [llsqInput(1000, 1000)],
  }),
  casesOf(lstmProblem, { 'lstm l=2 c=1024': () => [lstmInput(2, 1024)] }),
  casesOf(odeProblem, {
    'ode n=10 s=500': () => [odeInput(10, 500)],
    'ode n=100 s=300': () => [odeInput(100, 300)],
  }),
  casesOf(detProblem, { 'det 8': () => [matrixInput(8)] }),
  casesOf(luProblem, { 'lu 32': () => [matrixInput(32)] }),
  casesOf(baProblem, { 'ba 1000': () => [baInput(10, 200, 1000)] }),
  casesOf(htProblem, { 'ht 544': () => [htInput(544, 100)] }),
  casesOf(kmeansProblem, {
    'kmeans k=10 d=8': () => [kmeansInput(10, 1000, 8)],
  }),
].flat();

/** Series in which the ratio to the primal should stay what it is. */
export const growth: Readonly<Record<string, readonly Case[]>> = {
  lse: casesOf(lseProblem, series('lse n=', [1000, 10_000, 100_000], lseInput)),
  llsq: casesOf(
    llsqProblem,
    series('llsq n=', [16, 160, 1600], (n) => llsqInput(128, n)),
  ),
  gmm: casesOf(
    gmmProblem,
    series('gmm n=', [100, 1000, 10_000], (n) => gmmInput(10, 5, n)),
  ),
  ode: casesOf(
    odeProblem,
    series('ode s=', [1, 10, 100], (s) => odeInput(100, s)),
  ),
  lstm: casesOf(
    lstmProblem,
    series('lstm c=', [16, 160, 1600], (c) => lstmInput(2, c)),
  ),
};

function series<Args>(
  label: string,
  sizes: readonly number[],
  input: (size: number) => Args,
): Record<string, () => Args[]> {
  return Object.fromEntries(sizes.map((size) => [`${label}${size}`, () => [input(size)]]));
}
