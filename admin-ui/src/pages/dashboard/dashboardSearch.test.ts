import { expect, it } from 'vitest';
import { shareOf, groupedDays } from './dashboardSearch.ts';

const days = (count: number) => Array.from({ length: count }, (_, index) => ({ day: `d${index}`, end: `d${index + 1}`, tally: { tags: index } }));

it('groupedDays keeps few days as they are and puts many together by seven', () => {
  expect(groupedDays(days(30))).toHaveLength(30);
  const weeks = groupedDays(days(90));
  expect(weeks).toHaveLength(13);
  expect(weeks[1]).toEqual({ day: 'd7', end: 'd14', tally: { tags: 7 + 8 + 9 + 10 + 11 + 12 + 13 } });
  expect(weeks.reduce((sum, { tally }) => sum + (tally['tags'] ?? 0), 0)).toBe((89 * 90) / 2);
});

it.each([[3, 1, 0.75], [0, 2, 0], [0, 0, undefined]])('shareOf %d and %d is %s', (part, rest, share) => {
  expect(shareOf(part, rest)).toBe(share);
});
