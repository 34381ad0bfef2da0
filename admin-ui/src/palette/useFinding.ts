import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { consolePages } from '../console/pages.ts';
import { useConsoleViewer } from '../console/ViewerContext.ts';
import { useRead } from '../data/useRead.ts';
import { FindDocument, FindOwnOrderDocument } from '../gql/graphql.ts';
import { entriesFound, ownOrder, pagesNamed, type PaletteEntry } from './entries.ts';
import { recentEntries } from './recent.ts';

export interface Finding {
  readonly entries: readonly PaletteEntry[];
  /** Whether the server has not answered yet. */
  readonly busy: boolean;
  readonly error: unknown;
}

// Debounces the search.
const pause = 150;

/** Search results for a text: pages by name, records by identifier; for no text, the entries used last. */
export function useFinding(text: string): Finding {
  const { t } = useTranslation();
  const viewer = useConsoleViewer();
  const { can, merchant } = viewer;
  const sought = text.trim();
  const asked = useLater(sought);
  const records = useRead(FindDocument, { prefix: asked }, { key: ['find', asked], enabled: can.seeCases && asked !== '', keepLast: true });
  const own = useRead(FindOwnOrderDocument, { orderNo: asked }, { key: ['findOwn', asked], enabled: !can.seeCases && merchant !== null && asked !== '', keepLast: true });
  const [recent] = useState(() => recentEntries(viewer.id));
  if (sought === '') return { entries: recent, busy: false, error: null };
  const busy = asked !== sought || records.isFetching || own.isFetching;
  const pages = consolePages.filter((page) => page.may(viewer)).map(({ name, path }) => ({ path, name: t(`nav.${name}`) }));
  return {
    entries: [
      ...pagesNamed(sought, pages),
      ...(records.data === undefined ? [] : entriesFound(records.data.find, (state) => t(`caseState.${state}`))),
      ...ownOrder(own.data?.order ?? null),
      // Names of shops are not indexed: the list of shops scans them.
      ...(can.seeCases ? [{ kind: 'search' as const, path: `/merchants?${new URLSearchParams({ search: sought }).toString()}`, name: t('palette.shopsNamed', { text: sought }), hint: '' }] : []),
    ],
    busy,
    error: records.error ?? own.error,
  };
}

function useLater(text: string): string {
  const [later, setLater] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setLater(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return later;
}
