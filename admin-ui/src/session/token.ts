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

function validToken(text: string): string | undefined {
  const token = text.trim();
  return token.length <= longestToken && bearerToken.test(token) ? token : undefined;
}
