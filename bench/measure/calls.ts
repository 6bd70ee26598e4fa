/** Calls a function so and so many times. */
export type Repeat = (count: number) => unknown;

export type Callable = (...args: never[]) => unknown;

/**
 * Calls that allocate nothing themselves (a spread would make an array each time). The argument lists take turns and every
 * result is used, so that no call can be left out or moved in front of the others. `use` is what to add up of a result `r`.
 */
export function repeated(f: Callable, lists: readonly (readonly unknown[])[], use = '(last = r, 0)'): Repeat {
  const names = lists[0]!.map((_, i) => `list[${i}]`).join(', ');
  const text = `
    let next = 0;
    let last;
    return function repeat(count) {
      let total = 0;
      for (let i = 0; i < count; i++) {
        const list = lists[next];
        if (++next === lists.length) next = 0;
        const r = f(${names});
        total += ${use};
      }
      return total;
    };`;
  return new Function('f', 'lists', text)(f, lists) as Repeat;
}
