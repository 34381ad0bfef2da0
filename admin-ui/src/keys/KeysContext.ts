import { createContext, useContext } from 'react';

export type KeyGroup = 'everywhere' | 'goTo' | 'list' | 'review';

export interface KeyBinding {
  /** A key, `Shift+` and a letter, `Mod+` (Ctrl or ⌘) and a letter, or two keys with a space between. */
  readonly keys: string;
  /** What it does, in the person's language. */
  readonly label: string;
  readonly group: KeyGroup;
  run(): void;
}

export interface KeyMap {
  /** Adds bindings until the returned function is called. Of two with the same keys the later one wins. */
  add(bindings: () => readonly KeyBinding[]): () => void;
  /** Switches all keys off until the returned function is called: an open dialog has the keyboard to itself. */
  pause(): () => void;
  /** What would work now, by group, each key once. */
  list(): readonly KeyBinding[];
}

export const KeysContext = createContext<KeyMap | undefined>(undefined);

export function useKeyMap(): KeyMap {
  const map = useContext(KeysContext);
  if (map === undefined) throw new Error('useKeyMap needs a KeysContext above it');
  return map;
}
