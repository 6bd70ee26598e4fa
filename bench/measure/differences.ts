import { numberAt, type Place } from './numbers.ts';

const step = 1e-6;

/** Central differences along these places, one after the other. */
export function centralDifferences(f: () => number, places: readonly Place[], result: Float64Array): Float64Array {
  places.forEach((place, i) => {
    const { holder, key } = place;
    const x = numberAt(place);
    const h = step * Math.max(1, Math.abs(x));
    holder[key] = x + h;
    const right = f();
    holder[key] = x - h;
    const left = f();
    holder[key] = x;
    result[i] = (right - left) / (2 * h);
  });
  return result;
}

/** `count` of the places, evenly over all. */
export function spread(places: readonly Place[], count: number): Place[] {
  if (places.length <= count) return [...places];
  return Array.from({ length: count }, (_, i) => places[Math.floor((i * places.length) / count)]!);
}
