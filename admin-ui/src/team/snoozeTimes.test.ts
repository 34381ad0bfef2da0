import { describe, expect, it } from 'vitest';
import { fieldTime, maySnooze, snoozeEnd, timeOfField } from './snoozeTimes.ts';

const hour = 3_600_000;
// Late in the evening where the test runs.
const now = new Date(2026, 4, 31, 23, 30, 20).getTime();

describe('snoozing', () => {
  it('ends so much later, or in the next morning', () => {
    expect(snoozeEnd('hour', now) - now).toBe(hour);
    expect(snoozeEnd('fourHours', now) - now).toBe(4 * hour);
    expect(new Date(snoozeEnd('morning', now))).toEqual(new Date(2026, 5, 1, 9, 0, 0));
  });

  it.each([
    [now, false],
    [now + 1, true],
    [now + 10 * hour - 1, true],
    [now + 10 * hour, false],
    [Number.NaN, false],
  ])('until %d is possible: %s', (until, possible) => {
    expect(maySnooze(until, now, now + 10 * hour)).toBe(possible);
  });

  it('is written as the field of the browser has it', () => {
    expect(fieldTime(now)).toBe('2026-05-31T23:30');
    expect(timeOfField(fieldTime(now))).toBe(now - 20_000);
    expect(timeOfField('')).toBeNaN();
  });
});
