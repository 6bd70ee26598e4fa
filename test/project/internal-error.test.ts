import { expect, it } from 'vitest';

import { messageOf } from '../../src/diagnostics/message.ts';
import { internalError } from '../../src/project/internal-error.ts';

it('an exception of ours is one diagnostic, with the function that shows it', () => {
  const diagnostic = internalError(new TypeError('no such value'), { file: '/p/model.ts', function: 'loss' });
  expect(diagnostic).toMatchObject({ code: 'GG9001', file: '/p/model.ts' });
  expect(messageOf(diagnostic)).toContain('no such value');
});
