/** ANSI colours, or the bare text where colours are off. */

export type Colour = 'red' | 'yellow' | 'cyan' | 'grey' | 'green' | 'bold' | 'inverse';

export type Paint = (colour: Colour, text: string) => string;

const codes: Record<Colour, readonly [number, number]> = {
  red: [91, 39],
  yellow: [93, 39],
  cyan: [96, 39],
  grey: [90, 39],
  green: [92, 39],
  bold: [1, 22],
  inverse: [7, 27],
};

export function painter(enabled: boolean): Paint {
  if (!enabled) return (_colour, text) => text;
  return (colour, text) => {
    const [on, off] = codes[colour];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
