/** The caller, as the server sees the token. */
export interface Viewer {
  readonly id: string;
  readonly roles: readonly Role[];
  readonly merchant: { readonly id: string; readonly name: string } | null;
}

export type Role = 'MERCHANT' | 'REVIEWER' | 'ADMIN' | 'PLATFORM' | 'AUDITOR';
