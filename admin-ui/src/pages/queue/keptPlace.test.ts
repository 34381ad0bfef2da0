// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest';
import { keepPlace, keptPlace } from './keptPlace.ts';

const place = { grid: { index: 7, id: 'A:b7', top: 120 }, selected: ['A:b7', 'A:b9'] };

beforeEach(() => window.sessionStorage.clear());

it('is that of the search that was left', () => {
  keepPlace('risk=HIGH', place);
  expect(keptPlace('risk=HIGH')).toEqual(place);
  expect(keptPlace('')).toBeUndefined();
});

it('has a row, or none in an empty list', () => {
  keepPlace('', { grid: { index: -1, id: undefined, top: 0 }, selected: [] });
  expect(keptPlace('')).toEqual({ grid: { index: -1, id: undefined, top: 0 }, selected: [] });
});

it.each(['', 'null', '{', '{"search":""}', '{"search":"","grid":{"index":"1","top":0},"selected":[]}', '{"search":"","grid":{"index":1,"top":0},"selected":[1]}'])(
  'is none where %j is stored',
  (stored) => {
    window.sessionStorage.setItem('cloudtag.work.queue.place', stored);
    expect(keptPlace('')).toBeUndefined();
  },
);
