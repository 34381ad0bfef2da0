import { createContext, useContext } from 'react';

/** The platform's time zone, by its IANA name: whose days count, and whose times are shown. Undefined before the server has said it. */
export const ZoneContext = createContext<string | undefined>(undefined);

export function useZone(): string | undefined {
  return useContext(ZoneContext);
}
