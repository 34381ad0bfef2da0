// Writes src/gql/, the types and documents of every operation in src/**/*.graphql, from the server's schema, and the
// documents by their hash, for a server that runs no others.
import { createHash } from 'node:crypto';
import { readFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codegen } from '@graphql-codegen/core';
import { preset } from '@graphql-codegen/client-preset';
import { Kind, parse, Source } from 'graphql';
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

/**
 * Generated code in several modules, so that each page loads its own operations alone: the types, the operations of each
 * folder, and graphql.ts, which has all of them. What no page sends, as the documents of fragments are, is left out of what
 * the browser loads.
 */
function split(code) {
  const marked = code.replaceAll(/ = new TypedDocumentString\(/g, ' = /*#__PURE__*/ new TypedDocumentString(');
  const folders = new Map();
  const types = marked.replaceAll(/^export const (\w+)Document = [^`]*`[^`]*`\) as unknown as TypedDocumentString<[^;]*>;\n?/gm, (operation, name) => {
    const folder = folderOf(name);
    folders.set(folder, [...(folders.get(folder) ?? []), operation.trimEnd()]);
    return '';
  });
  const names = [...folders.keys()].toSorted();
  return {
    'types.ts': types,
    'graphql.ts': `${['types', ...names].map((name) => `export * from './${name}.ts';`).join('\n')}\n`,
    ...Object.fromEntries(names.map((name) => [`${name}.ts`, moduleOf(folders.get(name))])),
  };
}

/** The folder of src/ whose .graphql file has an operation. */
function folderOf(operation) {
  const of = documents.find(({ document }) => document.definitions.some(({ kind, name }) => kind === Kind.OPERATION_DEFINITION && name.value === operation));
  if (of === undefined) throw new Error(`no file has ${operation}`);
  return path.basename(path.dirname(of.location));
}

function moduleOf(operations) {
  const used = operations.flatMap((operation) => operation.match(/TypedDocumentString<(\w+), (\w+)>;$/).slice(1));
  return `/* eslint-disable */\nimport { TypedDocumentString } from './types.ts';\nimport type {\n${[...new Set(used)].map((name) => `  ${name},\n`).join('')}} from './types.ts';\n\n${operations.join('\n')}\n`;
}

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
// Only the types and documents: the preset's other files are about operations inside of TypeScript files.
const [section] = sections.filter(({ filename }) => filename.endsWith('graphql.ts'));
const code = await codegen(section);
await Promise.all(Object.entries(split(code)).map(async ([name, text]) => writeFile(path.join(output, name), text)));
await writeFile(path.join(output, 'documents.json'), `${JSON.stringify(byHash(code), null, 2)}\n`);
