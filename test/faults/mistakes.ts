/**
 * Mistakes in the text of the compiler, one small change each: what somebody could write who has not thought of the case.
 * `from` occurs once in the compiled file, so that a mistake cannot go stale unnoticed.
 */

export interface Mistake {
  readonly name: string;
  /** Of the compiled compiler: `transforms/activity.js`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const mistakes: readonly Mistake[] = [
  {
    name: 'read: a `switch` does not fall through',
    file: 'src/read/statements/switch.js',
    from: 'if (list.every(completes) && !isLast)',
    to: 'if (false)',
  },
  {
    name: 'read: a `break` does not hand out what changed before it',
    file: 'src/read/exits.js',
    from: 'site.values.push(sites[i] ?? fallback)',
    to: 'site.values.push(fallback)',
  },
  {
    name: 'read: `reduceRight` leaves out the first element',
    file: 'src/read/arrays.js',
    from: "test: '>=', step: -1",
    to: "test: '>', step: -1",
  },
  {
    name: 'rules: the partials of atan2 are exchanged',
    file: 'transforms/rules/functions.js',
    from: '[(d) => m.div(m.mul(d, b), r2), (d) => m.div(m.mul(m.neg(d), a), r2)]',
    to: '[(d) => m.div(m.mul(m.neg(d), a), r2), (d) => m.div(m.mul(d, b), r2)]',
  },
  {
    name: 'calls: what a call gives is nothing where nobody asks for its result, although it has written memory',
    file: 'transforms/reverse/call.js',
    from: 'frame.contribute(node.operands[place], results[i]);',
    to: "frame.contribute(node.operands[place], seeds.length === 1 ? frame.builder.apply('guard', [seeds[0], results[i]]) : results[i]);",
  },
  {
    name: 'fuse loops: a length is asked before the loop that takes elements away',
    file: 'transforms/fuse-loops.js',
    from: 'return changesLength(node.memory) ? [{ memory: node.memory }] : [];',
    to: 'return [];',
  },
  {
    name: 'zero cotangents: what a loop hands out was asked for in every iteration',
    file: 'transforms/reverse/zero-cotangents.js',
    from: 'isHandedOut(param) && !this.unread.has(param)',
    to: 'isHandedOut(param)',
  },
  {
    name: 'fuse mirrors: what other iterations add to is looked at in the same loop',
    file: 'transforms/earlier-mirrors.js',
    from: '[...loaded].some((root) => accumulated.has(root))',
    to: 'false',
  },
  {
    name: 'activity: what a loop starts from reaches no result',
    file: 'transforms/activity.js',
    from: 'flowAll(node.initial, node.body.params, flow);',
    to: '',
  },
  {
    name: 'promote: a write to one of two objects reaches both',
    file: 'transforms/promote/promotion.js',
    from: 'this.choose(object, otherwise, value, out, slotName(object.else, index))',
    to: 'value',
  },
  {
    name: 'share loads: an element is loaded once although the loop around writes it',
    file: 'transforms/share-loads.js',
    from: "if (node.kind === 'loop') this.forget(node, available);",
    to: '',
  },
  {
    name: 'hoist: what differs between iterations is computed before the loop',
    file: 'transforms/hoist.js',
    from: '!inside.has(value) || steady.has(value)',
    to: 'true',
  },
  {
    name: 'simplify: a product with a negative factor loses its sign',
    file: 'transforms/simplify/adjoint.js',
    from: "['neg', [builder.apply('mul', [a, b])]]",
    to: "['mul', [a, b]]",
  },
  {
    name: 'exits: what an iteration skipped is reversed all the same',
    file: 'transforms/reverse/exits.js',
    from: 'exits.passed(frame, Math.max(...numbers))',
    to: 'exits.passed(frame, 0)',
  },
  {
    name: 'loop: a `do … while` is mirrored without its last iteration',
    file: 'transforms/reverse/loop.js',
    from: "if (shape === 'completed') return { from: last(), ...back };",
    to: "if (shape !== 'leaving') return { from: last(), ...back };",
  },
  {
    name: 'conditional: what only one arm uses has no cotangent behind the other',
    file: 'transforms/reverse/sweep.js',
    from: 'const values = touched.map((value) => frame.adjoint(value) ?? frame.builder.literal(0, real));',
    to: 'const values = touched.map((value) => frame.touched.has(value) ? frame.adjoint(value) : frame.builder.literal(0, real));',
  },
  {
    name: 'storage: what a loop overwrites is taken to be still there',
    file: 'transforms/storage/memory-policy.js',
    from: 'return loops.has(loop) && !isFused && !isMadeInside && isHit(loop);',
    to: 'return false;',
  },
  {
    name: 'fuse mirrors: one that is no sum runs inside its loop',
    file: 'transforms/fuse-mirrors.js',
    from: '!isUnordered(mirror) || ',
    to: '',
  },
  {
    name: 'sum in locals: an element that is also read is gathered',
    file: 'transforms/sum-in-locals.js',
    from: 'if (touches && [...memory.rootsOf(node.memory)].some((root) => roots.has(root))) sound = false;',
    to: '',
  },
  {
    name: 'emit: variables that exchange values are assigned one after the other',
    file: 'src/emit/moves.js',
    from: '!saved.has(move.target) && pending.some',
    to: 'false && pending.some',
  },
  {
    name: 'rows: an array is used again without being set to zero',
    file: 'transforms/reusable-arrays.js',
    from: 'kept.nodes.push(...zeroing(node, held))',
    to: 'undefined',
  },
  {
    name: 'lengths: what takes elements off an array is forgotten',
    file: 'transforms/length-changes.js',
    from: ' && this.neverShrinks(array);',
    to: ';',
  },
  {
    name: 'spent adjoints: an element that is looked at again is not set to zero',
    file: 'transforms/spent-adjoints.js',
    from: '[...later].every((index) => index < known.facts.smallest(own))',
    to: 'true',
  },
  {
    name: 'fuse loops: what the next iteration makes is read before',
    file: 'transforms/fuse-loops.js',
    from: 'return isOpen ? element.offset - Math.sign(step) : element.offset;',
    to: 'return element.offset - 2 * Math.sign(step);',
  },
  {
    name: 'fill adjoints: a gradient that a loop reaches in part is not set to zero',
    file: 'transforms/fill-adjoints.js',
    from: ' || !known.facts.isLengthOf(filling.range.to, made.of)',
    to: '',
  },
  {
    name: 'fill adjoints: what the loop does not reach at the end is left as it was',
    file: 'transforms/fill-adjoints.js',
    from: 'if (behind === 1)',
    to: 'if (false)',
  },
  {
    name: 'fill adjoints: what the loop does not reach at the beginning is left as it was',
    file: 'transforms/fill-adjoints.js',
    from: 'if (ahead === 1)',
    to: 'if (false)',
  },
  {
    name: 'fill adjoints: a loop that takes some elements is taken for one that takes all',
    file: 'transforms/fill-adjoints.js',
    from: 'range?.from !== 0 || ',
    to: 'range === undefined || ',
  },
  {
    name: 'simplify: what holds in the first arm holds in the second',
    file: 'transforms/simplify.js',
    from: 'isThen = !isThen;',
    to: 'isThen = true;',
  },
  {
    name: 'simplify: what held in an arm holds behind it',
    file: 'transforms/simplify/conditions.js',
    from: 'this.held.delete(key)',
    to: 'key',
  },
  {
    name: 'simplify: an or that does not hold says nothing of one side, but an and would',
    file: 'transforms/simplify/conditions.js',
    from: "(node.op === 'or' && !holds)",
    to: "(node.op === 'or' && holds)",
  },
  {
    name: 'simplify: sides of a comparison may change places',
    file: 'transforms/simplify/conditions.js',
    from: ".toReversed().join(' lt ')",
    to: ".join(' lt ')",
  },
  {
    name: 'jam: rows go together although one reads what another writes',
    file: 'transforms/jam-order.js',
    from: 'return !meets || ',
    to: 'return true || ',
  },
  {
    name: 'jam: what stands in front of the inner loop writes nothing that it reads',
    file: 'transforms/jam-order.js',
    from: '!isAhead(first, second) || ',
    to: 'true || ',
  },
  {
    name: 'jam: the rest of an iteration writes nothing that later rows read',
    file: 'transforms/jam-order.js',
    from: '[...mixed, ...after].every((first)',
    to: 'mixed.every((first)',
  },
  {
    name: 'jam: nobody looks at all elements of an array meanwhile',
    file: 'transforms/jam-order.js',
    from: 'this.isLookedAtWhole(access.memory)',
    to: 'false',
  },
  {
    name: 'jam: a store of one element stands in front of the inner loop',
    file: 'transforms/jam.js',
    from: "node.kind === 'accumulate' || node.kind === 'store' || node.kind === 'load'",
    to: "node.kind === 'accumulate' || node.kind === 'load'",
  },
  {
    name: 'share: what was computed in one branch is used behind it',
    file: 'transforms/share.js',
    from: 'this.block(inner, new Scope(scope))',
    to: 'this.block(inner, scope)',
  },
  {
    name: 'extrema: the smallest of elements is sought from below',
    file: 'transforms/extrema.js',
    from: "op === 'max' ? -Infinity : Infinity",
    to: '-Infinity',
  },
  {
    name: 'missing elements: what is looked up is taken to be there',
    file: 'transforms/reverse/missing-elements.js',
    from: ' && !this.isLookedUp(key.index)',
    to: '',
  },
  {
    name: 'emit: an element is read behind the write that should follow',
    file: 'src/emit/folding.js',
    from: 'this.isWrittenBetween(node, block, index + 1, target)',
    to: 'false',
  },
  {
    name: 'fuse loops: loops change places with what they keep on the stack',
    file: 'transforms/fuse-loops.js',
    from: '(usesStack(earlier) && usesStack(later)) || ',
    to: '',
  },
  {
    name: 'storage: what follows a loop that runs less than never has no room',
    file: 'transforms/storage/layout.js',
    from: 'isFirst ? unclamped : clamped',
    to: 'unclamped',
  },
  {
    name: 'storage: what a store has left is read again when it is taken back',
    file: 'transforms/storage/memory-policy.js',
    from: 'storedAt(structure, undo) < loaded === structure.placeOfNode(undo).order > order',
    to: 'storedAt(structure, undo) < loaded || structure.placeOfNode(undo).order < order',
  },
  {
    name: 'stage: a gradient that something was added to begins as zeros',
    file: 'transforms/stage.js',
    from: 'this.shadows.has(array) && !this.touched.has(array)',
    to: 'this.shadows.has(array)',
  },
  {
    name: 'stage: a bound that is NaN makes room',
    file: 'transforms/extents.js',
    from: 'if (isFinite)',
    to: 'if (true)',
  },
  {
    name: 'stage: rooms begin below 0',
    file: 'transforms/staging/candidates.js',
    from: 'if (this.facts.isNonNegative(top) && isWhole(top, this.nodes))',
    to: 'if (true)',
  },
  {
    name: 'storage: an array lies in the workspace although elements are asked for that it does not have',
    file: 'transforms/storage/regions.js',
    from: 'this.isInside(result, index))',
    to: 'true)',
  },
  {
    name: 'extents: rows are as long as the shortest one',
    file: 'transforms/extents.js',
    from: "inner.apply('max', [most, inner.length(row)]",
    to: "inner.apply('min', [most, inner.length(row)]",
  },
  {
    name: 'trim gradients: rows of gradients become longer',
    file: 'transforms/trim-gradients.js',
    from: 'growing.has(node)',
    to: 'false',
  },
  {
    name: 'storage: what is added behind the end of an adjoint is added to its neighbour',
    file: 'transforms/storage/regions.js',
    from: 'places = larger(places, count, builder);',
    to: '',
  },
  {
    name: 'simplify: what stands under a condition that has been passed goes, although it has a mirror',
    file: 'transforms/simplify.js',
    from: '!(isPassed && facts.isMirrored(left))',
    to: 'true',
  },
];
