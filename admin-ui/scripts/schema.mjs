import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { concatAST, parse, Source } from 'graphql';

const folder = path.resolve(import.meta.dirname, '../../graph/schema');

/** The server's schema, of all its files, in a fixed order, so that what is made of it does not depend on the disk. */
export async function schemaDocument() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.graphqls')).toSorted();
  const parsed = await Promise.all(
    names.map(async (name) => parse(new Source(await readFile(path.join(folder, name), 'utf8'), name))),
  );
  return concatAST(parsed);
}
