function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/**
 * One step of one layer: `hidden` and `cell` are advanced from element `at` on, `input` becomes the layer's output.
 * A layer has eight rows in `main`: weights, then biases, of the forget, in, out and change gates.
 */
function step(main: Float64Array, layer: number, hidden: Float64Array, cell: Float64Array, input: Float64Array): void {
  const b = input.length;
  const weights = 8 * layer * b;
  const biases = weights + 4 * b;
  const at = layer * b;
  for (let j = 0; j < b; j++) {
    const forget = sigmoid(input[j]! * main[weights + j]! + main[biases + j]!);
    const ingate = sigmoid(hidden[at + j]! * main[weights + b + j]! + main[biases + b + j]!);
    const outgate = sigmoid(input[j]! * main[weights + 2 * b + j]! + main[biases + 2 * b + j]!);
    const change = Math.tanh(hidden[at + j]! * main[weights + 3 * b + j]! + main[biases + 3 * b + j]!);
    cell[at + j] = cell[at + j]! * forget + ingate * change;
    hidden[at + j] = outgate * Math.tanh(cell[at + j]!);
    input[j] = hidden[at + j]!;
  }
}

/**
 * Mean loss of a stack of LSTM cells with diagonal weights that predicts each character from those before
 * (GradBench's lstm). `state` holds two rows for each layer, hidden and cell; `sequence` a row for each character.
 * @grad main extra
 * @jvp main extra
 * @hvp main extra
 */
export function lstm(main: Float64Array, extra: Float64Array, state: Float64Array, sequence: Float64Array): number {
  const b = extra.length / 3;
  const layers = state.length / (2 * b);
  const characters = sequence.length / b;
  const hidden = new Float64Array(layers * b);
  const cell = new Float64Array(layers * b);
  for (let layer = 0; layer < layers; layer++) {
    for (let j = 0; j < b; j++) {
      hidden[layer * b + j] = state[2 * layer * b + j]!;
      cell[layer * b + j] = state[(2 * layer + 1) * b + j]!;
    }
  }

  const signal = new Float64Array(b);
  let total = 0;
  for (let t = 0; t < characters - 1; t++) {
    for (let j = 0; j < b; j++) signal[j] = sequence[t * b + j]! * extra[j]!;
    for (let layer = 0; layer < layers; layer++) step(main, layer, hidden, cell, signal);
    let sum = 2;
    let hit = 0;
    let ones = 0;
    for (let j = 0; j < b; j++) {
      const y = signal[j]! * extra[b + j]! + extra[2 * b + j]!;
      const next = sequence[(t + 1) * b + j]!;
      sum += Math.exp(y);
      hit += next * y;
      ones += next;
    }
    total += hit - ones * Math.log(sum);
  }
  return -total / ((characters - 1) * b);
}
