import { createContext, useContext } from 'react';

/** What needs attention, for the title of the browser's tab; empty for nothing. */
export const AlertsContext = createContext('');

export function useAlerts(): string {
  return useContext(AlertsContext);
}
