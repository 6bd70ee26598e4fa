import type { LstmGrad } from '../problems/lstm.grad.ts';

/** For each character, layer and bit what the step read and computed; then, for each character, the adjoints of the output. */
let workspace = new Float64Array(0);

const kept = 8;

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

export function lstm(
  main: Float64Array,
  extra: Float64Array,
  state: Float64Array,
  sequence: Float64Array,
  out: LstmGrad = { value: 0, d_main: new Float64Array(main.length), d_extra: new Float64Array(extra.length) },
): LstmGrad {
  const b = extra.length / 3;
  const layers = state.length / (2 * b);
  const steps = sequence.length / b - 1;
  const { d_main, d_extra } = out;
  d_main.fill(0);
  d_extra.fill(0);
  const frame = layers * b * kept + b;
  if (workspace.length < steps * frame) workspace = new Float64Array(steps * frame);
  const work = workspace;

  const hidden = new Float64Array(layers * b);
  const cell = new Float64Array(layers * b);
  for (let layer = 0; layer < layers; layer++) {
    for (let j = 0; j < b; j++) {
      hidden[layer * b + j] = state[2 * layer * b + j]!;
      cell[layer * b + j] = state[(2 * layer + 1) * b + j]!;
    }
  }
  const signal = new Float64Array(b);
  const scale = -1 / (steps * b);
  let total = 0;
  let at = 0;
  for (let t = 0; t < steps; t++) {
    for (let j = 0; j < b; j++) signal[j] = sequence[t * b + j]! * extra[j]!;
    for (let layer = 0; layer < layers; layer++) {
      const weights = 8 * layer * b;
      const biases = weights + 4 * b;
      for (let j = 0; j < b; j++) {
        const h = hidden[layer * b + j]!;
        const c = cell[layer * b + j]!;
        const forget = sigmoid(signal[j]! * main[weights + j]! + main[biases + j]!);
        const ingate = sigmoid(h * main[weights + b + j]! + main[biases + b + j]!);
        const outgate = sigmoid(signal[j]! * main[weights + 2 * b + j]! + main[biases + 2 * b + j]!);
        const change = Math.tanh(h * main[weights + 3 * b + j]! + main[biases + 3 * b + j]!);
        const next = c * forget + ingate * change;
        const squashed = Math.tanh(next);
        work[at] = signal[j]!;
        work[at + 1] = h;
        work[at + 2] = c;
        work[at + 3] = forget;
        work[at + 4] = ingate;
        work[at + 5] = outgate;
        work[at + 6] = change;
        work[at + 7] = squashed;
        at += kept;
        cell[layer * b + j] = next;
        hidden[layer * b + j] = outgate * squashed;
        signal[j] = outgate * squashed;
      }
    }
    let sum = 2;
    let hit = 0;
    let ones = 0;
    for (let j = 0; j < b; j++) {
      const y = signal[j]! * extra[b + j]! + extra[2 * b + j]!;
      const next = sequence[(t + 1) * b + j]!;
      const e = Math.exp(y);
      work[at + j] = e;
      sum += e;
      hit += next * y;
      ones += next;
    }
    total += hit - ones * Math.log(sum);
    for (let j = 0; j < b; j++) {
      const d_y = scale * (sequence[(t + 1) * b + j]! - (ones * work[at + j]!) / sum);
      work[at + j] = d_y;
      d_extra[b + j]! += d_y * signal[j]!;
      d_extra[2 * b + j]! += d_y;
    }
    at += b;
  }

  const d_hidden = new Float64Array(layers * b);
  const d_cell = new Float64Array(layers * b);
  const d_signal = new Float64Array(b);
  for (let t = steps - 1; t >= 0; t--) {
    const outputs = t * frame + layers * b * kept;
    for (let j = 0; j < b; j++) d_signal[j] = work[outputs + j]! * extra[b + j]!;
    for (let layer = layers - 1; layer >= 0; layer--) {
      const weights = 8 * layer * b;
      const biases = weights + 4 * b;
      for (let j = 0; j < b; j++) {
        const from = t * frame + (layer * b + j) * kept;
        const input = work[from]!;
        const h = work[from + 1]!;
        const c = work[from + 2]!;
        const forget = work[from + 3]!;
        const ingate = work[from + 4]!;
        const outgate = work[from + 5]!;
        const change = work[from + 6]!;
        const squashed = work[from + 7]!;
        const d_h = d_hidden[layer * b + j]! + d_signal[j]!;
        const d_c = d_cell[layer * b + j]! + d_h * outgate * (1 - squashed * squashed);
        const d_forget = d_c * c * forget * (1 - forget);
        const d_ingate = d_c * change * ingate * (1 - ingate);
        const d_outgate = d_h * squashed * outgate * (1 - outgate);
        const d_change = d_c * ingate * (1 - change * change);
        d_cell[layer * b + j] = d_c * forget;
        d_signal[j] = d_forget * main[weights + j]! + d_outgate * main[weights + 2 * b + j]!;
        d_hidden[layer * b + j] = d_ingate * main[weights + b + j]! + d_change * main[weights + 3 * b + j]!;
        d_main[weights + j]! += d_forget * input;
        d_main[weights + b + j]! += d_ingate * h;
        d_main[weights + 2 * b + j]! += d_outgate * input;
        d_main[weights + 3 * b + j]! += d_change * h;
        d_main[biases + j]! += d_forget;
        d_main[biases + b + j]! += d_ingate;
        d_main[biases + 2 * b + j]! += d_outgate;
        d_main[biases + 3 * b + j]! += d_change;
      }
    }
    for (let j = 0; j < b; j++) d_extra[j]! += d_signal[j]! * sequence[t * b + j]!;
  }
  out.value = total * scale;
  return out;
}
