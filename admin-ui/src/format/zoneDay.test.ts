import { expect, it } from 'vitest';
import { zoneDay, zoneMidnight } from './zoneDay.ts';

it.each([
  ['Asia/Shanghai', '2026-06-03', '2026-06-02T16:00:00.000Z'],
  ['UTC', '2026-06-03', '2026-06-03T00:00:00.000Z'],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
  ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000Z'],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z'],
  ['America/New_York', '2026-11-02', '2026-11-02T05:00:00.000Z'],
  // Midnight is skipped.
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
  ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00.000Z'],
  // Midnight happens twice.
  ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z'],
])('in %s the day %s begins at %s', (zone, day, moment) => {
  const start = zoneMidnight(day, zone);
  expect(new Date(start).toISOString()).toBe(moment);
  expect(zoneDay(start, zone)).toBe(day);
  expect(zoneDay(start - 1, zone) < day).toBe(true);
});

it('counts days, not hours: days around a change of clocks have 23 and 25', () => {
  const hours = (day: string) => (zoneMidnight(day, 'America/New_York', 1) - zoneMidnight(day, 'America/New_York')) / 3_600_000;
  expect([hours('2026-03-07'), hours('2026-03-08'), hours('2026-11-01')]).toEqual([24, 23, 25]);
});
