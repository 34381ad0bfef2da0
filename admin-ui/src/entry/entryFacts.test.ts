import { describe, expect, it } from 'vitest';
import { entryFacts, fieldChanges } from './entryFacts.ts';

it('entryFacts takes apart what an entry is about, colons in identifiers included', () => {
  const facts = entryFacts({
    seq: 1, at: '', actor: 'a', action: 'case.decided', reasonText: null, before: null,
    subjects: ['case:RETURN_SWAPPED:b:1', 'buyer:b:1'], after: '{"votes":2,"threshold":3,"decision":{"decision":"REJECT"}}',
  });
  expect(facts).toMatchObject({ caseId: 'RETURN_SWAPPED:b:1', scenario: 'RETURN_SWAPPED', buyer: 'b:1', decision: 'REJECT', votes: 2, threshold: 3 });
});

it('entryFacts knows the people whom an entry concerns, and who is assigned', () => {
  const facts = entryFacts({
    seq: 1, at: '', actor: 'lead', action: 'case.assigned', reasonText: null, before: null,
    subjects: ['case:A:b1', 'buyer:b1', 'reviewer:ann@example.com', 'reviewer:a:b'], after: '{"assignedTo":"ann@example.com"}',
  });
  expect(facts).toMatchObject({ people: ['ann@example.com', 'a:b'], assignee: 'ann@example.com' });
});

describe('fieldChanges', () => {
  it('puts what changed first, at any depth', () => {
    expect(fieldChanges('{"a":1,"b":{"c":"x"},"gone":true}', '{"a":1,"b":{"c":"y"},"new":[1]}')).toEqual([
      { field: 'b.c', before: 'x', after: 'y', changed: true },
      { field: 'new', before: undefined, after: '[1]', changed: true },
      { field: 'gone', before: 'true', after: undefined, changed: true },
      { field: 'a', before: '1', after: '1', changed: false },
    ]);
  });

  it('takes what is no object for nothing', () => {
    expect(fieldChanges('broken', null)).toEqual([]);
  });
});
