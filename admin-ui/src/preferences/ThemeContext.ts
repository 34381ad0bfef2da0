import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Theme, ThemePreference } from './theme.ts';

export const ThemeContext = createContext<ThemePreference | undefined>(undefined);

export function useTheme(): { readonly theme: Theme; readonly choose: (theme: Theme) => void } {
  const preference = useContext(ThemeContext);
  if (preference === undefined) throw new Error('useTheme needs a ThemeContext above it');
  const theme = useSyncExternalStore(preference.subscribe, preference.theme);
  return { theme, choose: preference.choose };
}
