/** The places of all numbers in a nest of arrays and objects, in order: an array or object and a key. */
export interface Place {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
}

export function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string | number, unknown>;
  const keys = 'length' in holder ? Array.from({ length: Number(holder.length) }, (_, i) => i) : Object.keys(holder);
  return keys.flatMap((key) => (typeof holder[key] === 'number' ? [{ holder, key }] : placesIn(holder[key])));
}

export function numberAt({ holder, key }: Place): number {
  return holder[key] as number;
}
