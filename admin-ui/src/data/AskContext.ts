import { createContext, useContext } from 'react';
import type { Ask } from './ask.ts';

export const AskContext = createContext<Ask | undefined>(undefined);

export function useAsk(): Ask {
  const ask = useContext(AskContext);
  if (ask === undefined) throw new Error('useAsk needs an AskContext above it');
  return ask;
}
