import { describe, expect, it } from 'vitest';
import { requestFailure } from './failure.ts';

describe('requestFailure', () => {
  it.each([
    ['data', 200, { data: { viewer: null } }, undefined],
    [
      'an error with code and request id',
      200,
      { data: null, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN', requestId: 'r1' } }] },
      { code: 'FORBIDDEN', message: 'no', requestId: 'r1' },
    ],
    ['an error without a code', 200, { errors: [{ message: 'odd' }] }, { code: 'INTERNAL', message: 'odd', requestId: undefined }],
    ['status 401 with nothing readable', 401, undefined, { code: 'UNAUTHENTICATED', message: '', requestId: undefined }],
    [
      'status 401 with an error of another code',
      401,
      { errors: [{ message: 'expired', extensions: { code: 'X', requestId: 'r2' } }] },
      { code: 'UNAUTHENTICATED', message: 'expired', requestId: 'r2' },
    ],
    ['a page of a proxy', 502, undefined, { code: 'BAD_ANSWER', message: 'HTTP 502', requestId: undefined }],
    ['JSON that is not GraphQL', 200, { status: 'ok' }, { code: 'BAD_ANSWER', message: 'HTTP 200', requestId: undefined }],
    ['an empty list of errors', 200, { errors: [], data: { a: 1 } }, undefined],
  ])('of %s', (_name, status, answer, failure) => {
    expect(requestFailure(status, answer)).toEqual(failure);
  });
});
