import { createContext, useContext } from 'react';
import type { HistoryGuard } from './historyGuard.ts';

export const HistoryGuardContext = createContext<HistoryGuard | undefined>(undefined);

export function useHistoryGuard(): HistoryGuard {
  const guard = useContext(HistoryGuardContext);
  if (guard === undefined) throw new Error('useHistoryGuard needs a HistoryGuardContext above it');
  return guard;
}
