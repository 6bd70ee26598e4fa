/** GradBench's protocol: one JSON object a line, an answer with the same `id` to each (gradben.ch, "protocol"). */

export interface Answer {
  readonly output: unknown;
  readonly timings: readonly Timing[];
}

export interface Timing {
  readonly name: string;
  readonly nanoseconds: number;
}

/** The functions of one eval by the names that GradBench calls them by. */
export type Module = Readonly<Record<string, (input: never) => Answer>>;

/** What the eval sends, as far as a tool needs it. */
export interface Message {
  readonly id: number;
  readonly kind: 'start' | 'define' | 'evaluate' | 'analysis';
  readonly module?: string;
  readonly function?: string;
  readonly input?: unknown;
}

/** The answer to one message. What cannot be done is said, and nothing is thrown: the session goes on. */
export function answer(message: Message, modules: Readonly<Record<string, Module>>): Record<string, unknown> {
  const { id } = message;
  switch (message.kind) {
    case 'start':
      return { id, tool: 'gradgen' };
    case 'define':
      return message.module !== undefined && Object.hasOwn(modules, message.module)
        ? { id, success: true }
        : { id, success: false, error: `no module ${message.module}` };
    case 'evaluate':
      return { id, ...evaluate(message, modules) };
    default:
      return { id };
  }
}

function evaluate(message: Message, modules: Readonly<Record<string, Module>>): Record<string, unknown> {
  const name = `${message.module}::${message.function}`;
  const functions = Object.hasOwn(modules, message.module ?? '') ? modules[message.module!]! : {};
  if (!Object.hasOwn(functions, message.function ?? '')) return { success: false, error: `no function ${name}` };
  try {
    return { success: true, ...functions[message.function!]!(message.input as never) };
  } catch (error) {
    return { success: false, error: `${name}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
