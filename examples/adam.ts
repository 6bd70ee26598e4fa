/** Adam (Kingma & Ba 2015) in place, for any number of parameter arrays. */
export class Adam {
  private readonly rate: number;
  private readonly means = new Map<Float64Array, Float64Array>();
  private readonly squares = new Map<Float64Array, Float64Array>();
  private steps = 0;

  constructor(rate: number) {
    this.rate = rate;
  }

  /** One step for all pairs of parameters and gradient. */
  step(...pairs: readonly (readonly [parameters: Float64Array, gradient: Float64Array])[]): void {
    this.steps++;
    const [beta1, beta2] = [0.9, 0.999];
    const scale = (this.rate * Math.sqrt(1 - beta2 ** this.steps)) / (1 - beta1 ** this.steps);
    for (const [parameters, gradient] of pairs) {
      const mean = memoryOf(this.means, parameters);
      const square = memoryOf(this.squares, parameters);
      for (let i = 0; i < parameters.length; i++) {
        mean[i] = beta1 * mean[i]! + (1 - beta1) * gradient[i]!;
        square[i] = beta2 * square[i]! + (1 - beta2) * gradient[i]! ** 2;
        parameters[i]! -= (scale * mean[i]!) / (Math.sqrt(square[i]!) + 1e-8);
      }
    }
  }
}

function memoryOf(memories: Map<Float64Array, Float64Array>, parameters: Float64Array): Float64Array {
  let memory = memories.get(parameters);
  if (memory === undefined) {
    memory = new Float64Array(parameters.length);
    memories.set(parameters, memory);
  }
  return memory;
}
