import { readItem, writeItem } from '../storage/browserStorage.ts';

export const themes = ['system', 'light', 'dark'] as const;

export type Theme = (typeof themes)[number];

const storageKey = 'cloudtag.theme';

/** The person's choice of light, dark, or whatever the system prefers. Stored per browser, shown by `<html data-theme>`. */
export interface ThemePreference {
  theme(): Theme;
  subscribe(listener: () => void): () => void;
  choose(theme: Theme): void;
}

export function openThemePreference(page: Window): ThemePreference {
  const listeners = new Set<() => void>();
  const storage = () => page.localStorage;
  const stored = readItem(storage, storageKey);
  let current: Theme = isTheme(stored) ? stored : 'system';
  show(page, current);
  return {
    theme: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    choose(theme) {
      current = theme;
      show(page, theme);
      writeItem(storage, storageKey, theme);
      for (const listener of listeners) listener();
    },
  };
}

export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

function show(page: Window, theme: Theme): void {
  page.document.documentElement.dataset['theme'] = theme;
}
