/** Calls that stay calls. */

import type { BlockBuilder } from '../../src/graph/build.ts';
import type { CallNode } from '../../src/graph/types.ts';
import type { Push } from './forward.ts';

export function pushCall(_push: Push, _builder: BlockBuilder, node: CallNode): void {
  throw new Error(`the call of ${node.callee} has no tangent yet`);
}
