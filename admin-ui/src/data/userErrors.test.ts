import { describe, expect, it } from 'vitest';
import type { RefusalFragment } from '../gql/graphql.ts';
import { fieldProblems, RefusedError } from './userErrors.ts';

const refusal = (message: string, field: readonly string[] | null): RefusalFragment => ({ code: 'INVALID_WEBHOOK', message, field });

describe('fieldProblems', () => {
  it('puts what is refused at the fields of the form', () => {
    const { at, rest } = fieldProblems(new RefusedError([refusal('one', ['input', 'url']), refusal('two', ['input', 'types', '3']), refusal('three', ['input', 'url'])]), ['url', 'types']);
    expect(at).toEqual({ url: 'one\nthree', types: 'two' });
    expect(rest).toBeUndefined();
  });

  it.each([[null], [['input']], [['input', 'id']], [['url']]])('leaves what is about %j beside them', (field) => {
    const { at, rest } = fieldProblems(new RefusedError([refusal('one', ['input', 'url']), refusal('two', field)]), ['url']);
    expect(at).toEqual({ url: 'one' });
    expect(rest).toBeInstanceOf(RefusedError);
    expect((rest as RefusedError).message).toBe('two');
  });

  it.each([[undefined], [new Error('no connection')]])('leaves any other failure as it is: %s', (error) => {
    expect(fieldProblems(error, ['url'])).toEqual({ at: {}, rest: error });
  });
});
