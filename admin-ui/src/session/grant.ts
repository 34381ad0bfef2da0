import { readItem, writeItem } from '../storage/browserStorage.ts';

/** The result of a sign-in: the bearer token of requests and, from an identity provider, what renews and ends the session. */
export interface Grant {
  readonly token: string;
  /** Milliseconds since 1970, by this browser's clock. */
  readonly obtainedAt: number;
  readonly provider?: ProviderGrant;
}

export interface ProviderGrant {
  /** When to get another token, milliseconds since 1970 by this browser's clock; undefined when the provider did not say. */
  readonly renewAt: number | undefined;
  /** Undefined when the provider gave none: the token ends, and the person signs in again. */
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
}

/** The key under which both storages have a grant: localStorage the browser's, sessionStorage one that is the tab's own. */
export const grantKey = 'cloudtag.session';

export function readGrant(storage: () => Storage): Grant | undefined {
  const text = readItem(storage, grantKey);
  if (text === undefined) return undefined;
  try {
    const grant: unknown = JSON.parse(text);
    return isGrant(grant) ? grant : undefined;
  } catch {
    return undefined;
  }
}

export function writeGrant(storage: () => Storage, grant: Grant | undefined): void {
  writeItem(storage, grantKey, grant === undefined ? undefined : JSON.stringify(grant));
}

function isGrant(value: unknown): value is Grant {
  return typeof value === 'object' && value !== null && 'token' in value && typeof value.token === 'string' && 'obtainedAt' in value;
}
