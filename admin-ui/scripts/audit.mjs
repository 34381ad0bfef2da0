// Runs the audits of graphql-http against a server: `node scripts/audit.mjs URL [AUTHORIZATION]`. Prints one line an audit
// and fails when one does not pass, whether the specification says MUST, SHOULD or MAY.
import { serverAudits } from 'graphql-http';

const [url, authorization] = process.argv.slice(2);
if (url === undefined) {
  throw new Error('usage: node scripts/audit.mjs URL [AUTHORIZATION]');
}

/** The audits' own requests, signed in: anonymous clients are another test's matter. */
async function signedIn(input, init) {
  return fetch(input, { ...init, headers: { ...init?.headers, ...(authorization && { authorization }) } });
}

const results = await Promise.all(serverAudits({ url, fetchFn: signedIn }).map(async (audit) => audit.fn()));
const failed = results.filter(({ status }) => status !== 'ok');
for (const { id, name, status, reason } of results) {
  process.stdout.write(`${status}\t${id}\t${name}${reason === undefined ? '' : `: ${reason}`}\n`);
}
process.stdout.write(`${results.length} audits, ${failed.length} not passed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
