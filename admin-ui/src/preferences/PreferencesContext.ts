import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Density } from './density.ts';
import type { Preference } from './preference.ts';
import type { Theme } from './theme.ts';

export interface Preferences {
  readonly theme: Preference<Theme>;
  readonly density: Preference<Density>;
}

export const PreferencesContext = createContext<Preferences | undefined>(undefined);

/** A preference as it is now, and how to change it. */
export function usePreference<Name extends keyof Preferences>(name: Name): readonly [value: ReturnType<Preferences[Name]['value']>, choose: Preferences[Name]['choose']] {
  const preferences = useContext(PreferencesContext);
  if (preferences === undefined) throw new Error('usePreference needs a PreferencesContext above it');
  const preference: Preferences[Name] = preferences[name];
  const value = useSyncExternalStore<string>(preference.subscribe, preference.value);
  return [value as ReturnType<Preferences[Name]['value']>, preference.choose as Preferences[Name]['choose']];
}
