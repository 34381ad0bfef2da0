// Compares the server's schema with what clients were promised, and fails at a change that would break one: against
// graph/contract.graphql, the names that clients rely on, and graph/published.graphql, the schema of the last release.
// `--publish` makes the schema of now the published one; do so with a release.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CriticalityLevel, diff, DiffRule } from '@graphql-inspector/core';
import { buildASTSchema, buildSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { schemaDocument } from './schema.mjs';

const graph = path.resolve(import.meta.dirname, '../../graph');

/** What the contract has and the schema says otherwise, each for a reason. */
const agreed = new Map([
  ['Appeal.case', 'null for those who may file an appeal and not see the case'],
]);

async function breaking(file, now) {
  const before = buildSchema(await readFile(path.join(graph, file), 'utf8'));
  // A field that was deprecated in a release may go in a later one.
  const changes = await diff(before, now, [
    DiffRule.suppressRemovalOfDeprecatedField,
    DiffRule.ignoreDescriptionChanges,
    DiffRule.ignoreDirectives, // the published one is printed without
  ]);
  return changes
    .filter(({ criticality, path: place }) => criticality.level === CriticalityLevel.Breaking && !agreed.has(place))
    .map(({ path: place, message }) => `${file}: ${place}: ${message}`);
}

const now = buildASTSchema(await schemaDocument());
if (process.argv.includes('--publish')) {
  await writeFile(path.join(graph, 'published.graphql'), `${printSchema(lexicographicSortSchema(now))}\n`);
}
const broken = (await Promise.all(['contract.graphql', 'published.graphql'].map(async (file) => breaking(file, now)))).flat();
process.stdout.write([...broken, `${broken.length} breaking changes`].join('\n') + '\n');
process.exitCode = broken.length === 0 ? 0 : 1;
