import { expect, it } from 'vitest';
import documents from '../gql/documents.json';
import * as generated from '../gql/graphql.ts';

async function hashOf(text: string): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// A server with --trusted-documents knows the console by this list: it has to hold what is really sent.
it('lists every operation of the console by the hash of what is sent', async () => {
  const sent = Object.entries(generated)
    .filter(([name]) => name.endsWith('Document'))
    .map(([, document]) => String(document));
  const expected = Object.fromEntries(await Promise.all(sent.map(async (text) => [await hashOf(text), text] as const)));
  expect(sent.length).toBeGreaterThan(20);
  expect(documents).toEqual(expected);
});
