// A bearer token as RFC 6750 section 2.1 spells it (b64token). Anything else would be refused by fetch as a header.
const bearerToken = /^[A-Za-z0-9\-._~+/]+=*$/;

// The longest token worth trying: servers commonly stop at 8 KiB of headers.
const longestToken = 8000;

/** The token of a sign-in link's fragment (`#token=…`), or undefined when the fragment has none. */
export function tokenFromFragment(fragment: string): string | undefined {
  const value = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
  return value === null ? undefined : validToken(value);
}

/** The token in what a person pasted: a bare token, an `Authorization` value, or a whole sign-in link. */
export function tokenFromText(text: string): string | undefined {
  const trimmed = text.trim();
  const fragmentStart = trimmed.indexOf('#');
  if (fragmentStart >= 0) return tokenFromFragment(trimmed.slice(fragmentStart));
  return validToken(trimmed.replace(/^(authorization:\s*)?bearer\s+/i, ''));
}

/** The fragment without its token, so that nothing else in it is lost; empty when nothing is left. */
export function fragmentWithoutToken(fragment: string): string {
  const parts = fragment.replace(/^#/, '').split('&').filter((part) => part !== '' && !/^token(=|$)/.test(part));
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

/** The person that a token names, identified by issuer and subject. */
export interface TokenPerson {
  readonly issuer: string;
  readonly subject: string;
}

/** Reads the person that a token names, unverified; undefined when it names none. */
export function personOf(token: string): TokenPerson | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.codePointAt(0) ?? 0);
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const { iss, sub } = Object(claims) as { readonly iss?: unknown; readonly sub?: unknown };
    if (typeof sub !== 'string' || sub === '') return undefined;
    return { issuer: typeof iss === 'string' ? iss : '', subject: sub };
  } catch {
    return undefined;
  }
}

/** Whether two tokens name the same person; false when one names none. */
export function samePerson(one: string, other: string): boolean {
  if (one === other) return true;
  const [first, second] = [personOf(one), personOf(other)];
  return first !== undefined && second !== undefined && first.issuer === second.issuer && first.subject === second.subject;
}

function validToken(text: string): string | undefined {
  const token = text.trim();
  return token.length <= longestToken && bearerToken.test(token) ? token : undefined;
}
