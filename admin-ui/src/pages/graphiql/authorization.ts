/** The headers by which a request says who is asking, and whether the session said it or the person's own header did. */
export interface Authorization {
  /** The value of the `Authorization` header; undefined: the request says nothing. */
  readonly value: string | undefined;
  readonly fromSession: boolean;
}

/** The header editor's `Authorization`, whatever its spelling, else the session's token. */
export function authorizationFor(headers: unknown, token: string | undefined): Authorization {
  const typed = new Headers(stringHeaders(headers)).get('authorization');
  if (typed !== null) return { value: typed, fromSession: false };
  return { value: token === undefined ? undefined : `Bearer ${token}`, fromSession: true };
}

function stringHeaders(headers: unknown): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
