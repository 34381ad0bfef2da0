// Writes src/gql/, the types and documents of every operation in src/**/*.graphql, from the server's schema, and the
// documents by their hash, for a server that runs no others.
import { createHash } from 'node:crypto';
import { readFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codegen } from '@graphql-codegen/core';
import { preset } from '@graphql-codegen/client-preset';
import { parse, Source } from 'graphql';
import { schemaDocument } from './schema.mjs';

const root = path.resolve(import.meta.dirname, '..');
const output = path.join(root, 'src/gql/');

/** Files below a folder whose names end with `ending`, in a fixed order, so that the output does not depend on the disk. */
async function filesBelow(folder, ending) {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(ending)).toSorted().map((name) => path.join(folder, name));
}

async function documentsOf(files) {
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, 'utf8');
      return { location: path.relative(root, file), document: parse(new Source(text, file)), rawSDL: text };
    }),
  );
}

/** The operations of generated code, exactly as the console will send them, by the SHA-256 of their text. */
function byHash(code) {
  const operations = code.match(/\w+Document = new TypedDocumentString\(/g)?.length ?? 0;
  const literals = [...code.matchAll(/\w+Document = new TypedDocumentString\(`([^`\\]*)`/g)].map(([, text]) => text);
  if (literals.length !== operations || literals.some((text) => text.includes('${'))) throw new Error('an operation is no plain text: its hash would be wrong');
  const entries = literals.map((text) => [createHash('sha256').update(text).digest('hex'), text]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const schema = await schemaDocument();
const documents = await documentsOf(await filesBelow(path.join(root, 'src'), '.graphql'));

const sections = await preset.buildGeneratesSection({
  baseOutputDir: output,
  schema,
  documents,
  config: {
    documentMode: 'string',
    enumsAsTypes: true,
    useTypeImports: true,
    strictScalars: true,
    scalars: { Time: 'string', Cursor: 'string' },
    skipTypename: true,
    immutableTypes: true,
    avoidOptionals: { field: true },
  },
  presetConfig: { fragmentMasking: false, persistedDocuments: false },
  plugins: [],
  pluginMap: {},
});

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
// Only the types and documents: the preset's other files are about operations inside of TypeScript files.
const wanted = sections.filter(({ filename }) => filename.endsWith('graphql.ts'));
const texts = await Promise.all(wanted.map(async (section) => ({ name: section.filename, text: await codegen(section) })));
await Promise.all(texts.map(async ({ name, text }) => writeFile(name, text)));
await writeFile(path.join(output, 'documents.json'), `${JSON.stringify(byHash(texts.map(({ text }) => text).join('')), null, 2)}\n`);
