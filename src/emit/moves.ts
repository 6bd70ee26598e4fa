/** Copies that happen at once, in an order in which they can happen one after the other. */

export interface Move<Slot> {
  readonly target: Slot;
  /** The slots that the source names. */
  readonly reads: ReadonlySet<Slot>;
}

export type Step<Slot, M extends Move<Slot>> =
  | { readonly kind: 'move'; readonly move: M }
  /** Two slots exchange their contents. */
  | { readonly kind: 'swap'; readonly moves: readonly [M, M] }
  /** The slot is about to be overwritten: later sources read the saved copy. */
  | { readonly kind: 'save'; readonly slot: Slot };

export function sequence<Slot, M extends Move<Slot>>(moves: readonly M[]): readonly Step<Slot, M>[] {
  const steps: Step<Slot, M>[] = [];
  const saved = new Set<Slot>();
  let pending = [...moves];
  while (pending.length > 0) {
    const isRead = (move: M): boolean =>
      !saved.has(move.target) && pending.some((other) => other !== move && other.reads.has(move.target));
    const ready = pending.find((move) => !isRead(move));
    if (ready) {
      steps.push({ kind: 'move', move: ready });
      pending = pending.filter((move) => move !== ready);
      continue;
    }
    const first = pending[0]!;
    const partner = pending.find((move) => move !== first && first.reads.has(move.target) && move.reads.has(first.target));
    if (partner && pending.every((move) => move === first || move === partner || !touches(move, first, partner))) {
      steps.push({ kind: 'swap', moves: [first, partner] });
      pending = pending.filter((move) => move !== first && move !== partner);
      continue;
    }
    steps.push({ kind: 'save', slot: first.target });
    saved.add(first.target);
  }
  return steps;
}

function touches<Slot>(move: Move<Slot>, a: Move<Slot>, b: Move<Slot>): boolean {
  return move.reads.has(a.target) || move.reads.has(b.target);
}
