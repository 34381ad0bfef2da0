import { expect, it } from 'vitest';
import { evidenceIn, isFitEvidence } from './evidence.ts';

it('takes one piece per line and leaves blank ones out', () => {
  expect(evidenceIn(' chat 1 \n\n\tchat 2\n')).toEqual(['chat 1', 'chat 2']);
});

it.each([
  ['none', [], false],
  ['twenty', Array<string>(20).fill('a'), true],
  ['twenty-one', Array<string>(21).fill('a'), false],
  ['one of 1,000 characters', ['证'.repeat(1000)], true],
  ['one of 1,001 characters', ['证'.repeat(1001)], false],
])('%s', (_, pieces, fit) => {
  expect(isFitEvidence(pieces)).toBe(fit);
});
