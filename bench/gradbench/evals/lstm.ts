import { grad_lstm } from '../../problems/lstm.grad.ts';
import { lstm as loss } from '../../problems/lstm.ts';
import type { Answer } from '../protocol.ts';
import { flat } from '../rows.ts';
import { timed, type Runs } from '../runs.ts';

interface Input extends Runs {
  readonly main_params: readonly (readonly number[])[];
  readonly extra_params: readonly (readonly number[])[];
  readonly state: readonly (readonly number[])[];
  readonly sequence: readonly (readonly number[])[];
}

/** Two rows a layer of four blocks each become eight rows: they follow one another in memory already. */
function prepared(input: Input): Parameters<typeof loss> {
  return [flat(input.main_params), flat(input.extra_params), flat(input.state), flat(input.sequence)];
}

export const lstm = {
  objective(input: Input): Answer {
    const args = prepared(input);
    const { result, timings } = timed(() => loss(...args), input);
    return { output: result, timings };
  },

  jacobian(input: Input): Answer {
    const args = prepared(input);
    const { result, timings } = timed(() => grad_lstm(...args), input);
    return { output: [...result.d_main, ...result.d_extra], timings };
  },
};
