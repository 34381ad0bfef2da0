import { readItem, workPrefix, writeItem } from '../storage/browserStorage.ts';
import type { PaletteEntry } from './entries.ts';

const mostRecent = 8;
const storage = () => window.localStorage;
const storageKey = (person: string) => `${workPrefix}recent.${person}`;

/** The entries that a person opened by the palette, the latest first. */
export function recentEntries(person: string): readonly PaletteEntry[] {
  try {
    const stored: unknown = JSON.parse(readItem(storage, storageKey(person)) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isEntry).map(({ path, name, hint }) => ({ kind: 'recent', path, name, hint })) : [];
  } catch {
    return [];
  }
}

export function rememberEntry(person: string, entry: PaletteEntry): void {
  const others = recentEntries(person).filter(({ path }) => path !== entry.path);
  writeItem(storage, storageKey(person), JSON.stringify([{ ...entry, kind: 'recent' }, ...others].slice(0, mostRecent)));
}

function isEntry(value: unknown): value is PaletteEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { path, name, hint } = value as Partial<PaletteEntry>;
  return typeof path === 'string' && path.startsWith('/') && typeof name === 'string' && typeof hint === 'string';
}
