import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { languages } from '../../i18n/language.ts';
import { defaultQuery } from './defaultQuery.ts';

function operationsOf(query: string): readonly string[] {
  return parse(query).definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? `${definition.operation} ${definition.name?.value}` : definition.kind,
  );
}

/** The operation in a commented-out block: what remains below its sentences when each line's "# " is removed. */
function uncommented(block: string): string {
  const lines = block.split('\n').map((line) => line.replace(/^# /, ''));
  return lines.slice(lines.findIndex((line) => /^(mutation|subscription) /.test(line))).join('\n');
}

describe.each(languages)('defaultQuery in %s', (language) => {
  const query = defaultQuery(language);

  it('runs one query and nothing that changes data', () => {
    expect(operationsOf(query)).toEqual(['query Start']);
  });

  it('has two more operations, commented out', () => {
    const [, ...examples] = query.trimEnd().split('\n\n');
    expect(examples.map((block) => operationsOf(uncommented(block)))).toEqual([
      ['mutation SubmitTags'],
      ['subscription TagStatusChanged'],
    ]);
  });
});
