import { describe, expect, it } from 'vitest';
import { fragmentWithoutToken, personOf, samePerson, tokenFromFragment, tokenFromText } from './token.ts';

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

describe('personOf', () => {
  it.each([
    // {"sub":"李","iss":"https://id.example"} and {"sub":"li?>"}, by base64url as RFC 7515 has it.
    ['e30.eyJzdWIiOiLmnY4iLCJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUifQ.c2ln', { issuer: 'https://id.example', subject: '李' }],
    ['e30.eyJzdWIiOiJsaT8-In0.c2ln', { issuer: '', subject: 'li?>' }],
    ['aaa.bbb.ccc', undefined],
    ['opaque', undefined],
    ['e30.bnVsbA.c2ln', undefined],
    ['e30.eyJzdWIiOjV9.c2ln', undefined],
  ])('reads %s as of %j', (token, person) => {
    expect(personOf(token)).toEqual(person);
  });

  it('takes only tokens that say so, or are the same, for one person’s', () => {
    expect(samePerson('opaque', 'opaque')).toBe(true);
    expect(samePerson('opaque', 'other')).toBe(false);
    expect(samePerson('e30.eyJzdWIiOiJsaT8-In0.c2ln', 'e31.eyJzdWIiOiJsaT8-In0.b3RoZXI')).toBe(true);
  });
});
