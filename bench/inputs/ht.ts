import type { Hand, ht } from '../problems/ht.ts';
import { Random } from './random.ts';

const bones = 22;

/** A hand of random shape: five chains of four bones on a wrist, as in the measured one. */
function handOf(vertices: number, random: Random): Hand {
  const matrix = () => {
    const m = random.normals(16, 0.3);
    for (let i = 0; i < 4; i++) m[5 * i]! += 1;
    m.set([0, 0, 0, 1], 12);
    return m;
  };
  const parentOf = (bone: number) => (bone < 2 ? bone - 1 : (bone - 2) % 4 === 0 ? 1 : bone - 1);
  const basePositions = random.normals(4 * vertices);
  for (let v = 0; v < vertices; v++) basePositions[4 * v + 3] = 1;
  return {
    parents: Int32Array.from({ length: bones }, (_, bone) => parentOf(bone)),
    baseRelatives: Array.from({ length: bones }, matrix),
    inverseBaseAbsolutes: Array.from({ length: bones }, matrix),
    basePositions,
    weights: random.uniforms(bones * vertices, 0, 2 / bones),
    triangles: Int32Array.from({ length: 3 * vertices }, () => random.below(vertices)),
    isMirrored: true,
  };
}

export function htInput(vertices: number, points: number): Parameters<typeof ht> {
  const random = new Random();
  const hand = handOf(vertices, random);
  return [
    random.normals(26, 0.3),
    random.uniforms(2 * points, 0, 0.5),
    hand,
    Int32Array.from({ length: points }, () => random.below(vertices)),
    random.normals(3 * points),
  ];
}
