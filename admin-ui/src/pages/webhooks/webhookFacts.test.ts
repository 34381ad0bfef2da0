import { expect, it } from 'vitest';
import { latestAttempt, momentOf } from './webhookFacts.ts';

it('shows the latest of the attempts', () => {
  const attempt = (at: string) => ({ at, tookMs: 5, status: 500, failure: 'STATUS' as const });
  const delivery = { id: 'd', messageId: 'msg_1', seq: 7, type: 'tag.succeeded', subject: 'case:A:b', at: '2026-05-01T00:00:00.000Z', state: 'PENDING' as const, tries: 2, nextAttemptAt: null };
  expect(latestAttempt({ ...delivery, attempts: [attempt('1'), attempt('2')] })?.at).toBe('2');
  expect(latestAttempt({ ...delivery, attempts: [] })).toBeUndefined();
});

it.each([['', undefined], ['tomorrow', undefined], ['2026-05-01T10:30:00Z', '2026-05-01T10:30:00.000Z']])('reads %s', (text, moment) => {
  expect(momentOf(text)).toBe(moment);
});
