import { expect, it } from 'vitest';
import { figurePath } from './figures.ts';
import { figureOf, logAddress, timesOf } from './logSearch.ts';

it('leads to the rows of a number', () => {
  const path = figurePath({ figure: 'HANDLED', from: '2026-03-08', to: '2026-03-09', scenario: 'RETURN_SWAPPED', reviewer: 'ann', took: [3600, null] });
  const search = logAddress.read(new URLSearchParams(path.slice(path.indexOf('?'))));
  expect(figureOf(search)).toEqual({ name: 'HANDLED', scenario: 'RETURN_SWAPPED', reviewer: 'ann', tookFromSeconds: 3600 });
  expect(timesOf(search, 0, 'America/New_York')).toEqual({ from: '2026-03-08T05:00:00.000Z', to: '2026-03-10T04:00:00.000Z' });
  expect(`/log?${logAddress.write(search).toString()}`).toBe(path);
});

it.each(['figure=HANDLED', 'range=custom&figure=ODD', 'range=7&figure=HANDLED&reviewer=a'])('%s names no number', (text) => {
  expect(figureOf(logAddress.read(new URLSearchParams(text)))).toBeNull();
});

it('takes the time that something took from an address, or leaves it', () => {
  const of = (took: string) => figureOf(logAddress.read(new URLSearchParams({ range: 'custom', from: '2026-03-08', figure: 'CONSENSUS', took })));
  expect(of('0-60')).toEqual({ name: 'CONSENSUS', tookFromSeconds: 0, tookToSeconds: 60 });
  expect(of('x-60')).toEqual({ name: 'CONSENSUS' });
});
