import { expect, it } from 'vitest';
import { dueTone } from './due.ts';

const submitted = Date.parse('2026-05-01T00:00:00Z');
const due = new Date(submitted + 48 * 3_600_000).toISOString();

it.each([
  [0, 'calm'],
  [35.99, 'calm'],
  [36, 'soon'],
  [43.99, 'soon'],
  [44, 'urgent'],
  [47.99, 'urgent'],
  [48, 'overdue'],
  [60, 'overdue'],
])('%d hours after submission a case is %s', (hours, tone) => {
  expect(dueTone(due, submitted + hours * 3_600_000)).toBe(tone);
});
