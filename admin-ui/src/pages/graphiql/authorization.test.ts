import { describe, expect, it } from 'vitest';
import { authorizationFor } from './authorization.ts';

describe('authorizationFor', () => {
  it.each([
    ['the session', undefined, 'aaa', { value: 'Bearer aaa', fromSession: true }],
    ['nobody', {}, undefined, { value: undefined, fromSession: true }],
    ['the header editor', { Authorization: 'Bearer bbb' }, 'aaa', { value: 'Bearer bbb', fromSession: false }],
    ['the header editor in another spelling', { AUTHORIZATION: 'Bearer bbb' }, 'aaa', { value: 'Bearer bbb', fromSession: false }],
    ['the session beside other headers', { 'X-Trace': 7 }, 'aaa', { value: 'Bearer aaa', fromSession: true }],
  ])('%s', (_name, headers, token, authorization) => {
    expect(authorizationFor(headers, token)).toEqual(authorization);
  });
});
