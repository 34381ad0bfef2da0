import { describe, expect, it } from 'vitest';
import { fragmentWithoutToken, tokenFromFragment, tokenFromText } from './token.ts';

describe('tokenFromFragment', () => {
  it.each([
    ['#token=aaa.bbb-_.ccc', 'aaa.bbb-_.ccc'],
    ['token=aaa.bbb.ccc', 'aaa.bbb.ccc'],
    ['#page=2&token=aaa.bbb.ccc', 'aaa.bbb.ccc'],
    ['#token=', undefined],
    ['#token=a b', undefined],
    ['#token=%0d%0aX-Evil:1', undefined],
    ['#other=aaa', undefined],
    ['', undefined],
  ])('%j gives %j', (fragment, token) => {
    expect(tokenFromFragment(fragment)).toBe(token);
  });
});

describe('tokenFromText', () => {
  it.each([
    ['aaa.bbb.ccc', 'aaa.bbb.ccc'],
    ['  aaa.bbb.ccc\n', 'aaa.bbb.ccc'],
    ['Bearer aaa.bbb.ccc', 'aaa.bbb.ccc'],
    ['Authorization: bearer aaa.bbb.ccc', 'aaa.bbb.ccc'],
    ['http://127.0.0.1:8080/#token=aaa.bbb.ccc', 'aaa.bbb.ccc'],
    ['http://127.0.0.1:8080/graphiql#token=aaa.bbb.ccc', 'aaa.bbb.ccc'],
    ['http://127.0.0.1:8080/', undefined],
    ['not a token', undefined],
    ['令牌', undefined],
    ['a'.repeat(8001), undefined],
    ['', undefined],
  ])('%j gives %j', (text, token) => {
    expect(tokenFromText(text)).toBe(token);
  });
});

describe('fragmentWithoutToken', () => {
  it.each([
    ['#token=aaa', ''],
    ['#page=2&token=aaa&row=3', '#page=2&row=3'],
    ['#tokens=5', '#tokens=5'],
    ['', ''],
  ])('%j gives %j', (fragment, rest) => {
    expect(fragmentWithoutToken(fragment)).toBe(rest);
  });
});
