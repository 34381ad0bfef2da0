import { createContext, useContext } from 'react';
import type { ConsoleViewerQuery } from '../gql/graphql.ts';

/** The caller, with what the API lets them do. Pages ask `can`, never `roles`. */
export type ConsoleViewer = ConsoleViewerQuery['viewer'];

export const ViewerContext = createContext<ConsoleViewer | undefined>(undefined);

export function useConsoleViewer(): ConsoleViewer {
  const viewer = useContext(ViewerContext);
  if (viewer === undefined) throw new Error('useConsoleViewer needs a ViewerContext above it');
  return viewer;
}
