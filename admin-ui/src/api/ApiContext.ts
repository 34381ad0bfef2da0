import { createContext, useContext } from 'react';
import type { Execute } from './api.ts';

export const ApiContext = createContext<Execute | undefined>(undefined);

export function useApi(): Execute {
  const execute = useContext(ApiContext);
  if (execute === undefined) throw new Error('useApi needs an ApiContext above it');
  return execute;
}
