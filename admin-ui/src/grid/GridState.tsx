import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../shell/FailureNotice.tsx';
import type { ListView } from '../list/list.ts';

interface GridStateProps<Row> {
  readonly view: ListView<Row>;
  readonly empty: ReactNode;
  readonly retry: () => void;
}

/** The notice over a grid without rows, and below one whose next page failed. */
export function GridState<Row>({ view, empty, retry }: GridStateProps<Row>) {
  const { t } = useTranslation();
  if (view.phase === 'failed') {
    return (
      <div className="grid-state">
        <FailureNotice error={view.error} retry={retry} />
      </div>
    );
  }
  if (view.phase === 'ready' && view.count === 0) return <div className="grid-state grid-empty">{empty}</div>;
  if (view.error !== undefined) {
    return (
      <div className="grid-foot">
        <FailureNotice error={view.error} retry={retry} />
      </div>
    );
  }
  return (
    <output className="visually-hidden">{view.phase === 'loading' ? t('grid.loading') : ''}</output>
  );
}
