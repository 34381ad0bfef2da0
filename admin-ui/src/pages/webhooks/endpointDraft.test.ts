import { describe, expect, it } from 'vitest';
import { changesOf, type EndpointDraft } from './endpointDraft.ts';

const before: EndpointDraft = { url: 'https://example.com/hooks', description: 'Warehouse', types: ['tag.expired', 'tag.succeeded'] };

describe('changesOf', () => {
  it.each<[string, Partial<EndpointDraft>, object]>([
    ['nothing', {}, {}],
    ['blanks around it', { url: ' https://example.com/hooks ', description: 'Warehouse ' }, {}],
    ['the order of types', { types: ['tag.succeeded', 'tag.expired'] }, {}],
    ['the address', { url: ' https://example.org ' }, { url: 'https://example.org' }],
    ['the description, to none', { description: ' ' }, { description: '' }],
    ['one type for another', { types: ['tag.succeeded', 'case.opened'] }, { types: ['tag.succeeded', 'case.opened'] }],
    ['the types, to all', { types: [] }, { types: [] }],
    ['two of them', { description: 'Shop', types: ['tag.succeeded'] }, { description: 'Shop', types: ['tag.succeeded'] }],
  ])('finds %s', (_, changes, found) => {
    expect(changesOf(before, { ...before, ...changes })).toEqual(found);
  });
});
