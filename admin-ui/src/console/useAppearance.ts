import { useSyncExternalStore } from 'react';
import { usePreference } from '../preferences/PreferencesContext.ts';
import type { Appearance } from './antdTheme.ts';

const darkSystem = '(prefers-color-scheme: dark)';

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(darkSystem);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export function useAppearance(): Appearance {
  const [theme] = usePreference('theme');
  const systemIsDark = useSyncExternalStore(subscribe, () => window.matchMedia(darkSystem).matches);
  if (theme === 'system') return systemIsDark ? 'dark' : 'light';
  return theme;
}
