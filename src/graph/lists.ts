/** Maps to lists. */

/** Puts `items` behind those that `key` has. */
export function append<K, T>(lists: Map<K, T[]>, key: K, ...items: readonly T[]): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [...items]);
  else known.push(...items);
}
