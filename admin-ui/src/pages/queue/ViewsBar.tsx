import { Button } from 'antd';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { lazyPage } from '../../console/lazyPage.tsx';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { QueueFiguresDocument } from '../../gql/graphql.ts';
import { readSearch, writeSearch } from './queueSearch.ts';
import { useSavedViews } from './useSavedViews.ts';
import type { ViewsDialogProps } from './ViewsDialog.tsx';

const ViewsDialog = lazyPage<ViewsDialogProps>(async () => (await import('./ViewsDialog.tsx')).ViewsDialog);

interface ViewsBarProps {
  /** The search that is shown, as an address says it. */
  readonly current: string;
  readonly open: (search: string) => void;
}

// What every reviewer needs, before anybody saved anything.
const builtIn = [
  { key: 'all', search: '' },
  { key: 'overdue', search: 'overdue=1' },
  { key: 'highRisk', search: 'risk=HIGH' },
  { key: 'mine', search: 'mine=1' },
  { key: 'assigned', search: 'assigned=1' },
  { key: 'escalated', search: 'escalated=1', figure: 'escalated' },
  { key: 'snoozed', search: 'snoozed=1', figure: 'snoozed' },
] as const satisfies readonly BuiltIn[];

interface BuiltIn {
  readonly key: string;
  readonly search: string;
  /** How many cases the view has, where the queue's own figures don't say so. */
  readonly figure?: 'escalated' | 'snoozed';
}

/** Ways to look at the queue: some for everybody, and those that were saved. Each is a link that can be shared. */
export function ViewsBar({ current, open }: ViewsBarProps) {
  const { t } = useTranslation();
  const [managing, setManaging] = useState(false);
  const saved = useSavedViews('queue');
  const { data } = useRead(QueueFiguresDocument, {}, { key: ['queueStats'] });
  return (
    <nav className="views" aria-label={t('views.title')}>
      {builtIn.map((view) => (
        <ViewLink key={view.key} search={view.search} current={current} name={t(`views.${view.key}`)} count={'figure' in view ? data?.queueStats[view.figure] : undefined} />
      ))}
      {saved.views.map(({ id, name, search, shared }) => (
        <ViewLink key={id} search={normal(search)} current={current} name={shared ? `${name} ·` : name} />
      ))}
      <Button size="small" onClick={() => setManaging(true)}>
        {t('views.manage')}
      </Button>
      {managing && (
        <Suspense fallback={null}>
          <ViewsDialog saved={saved} current={current} open={open} close={() => setManaging(false)} />
        </Suspense>
      )}
    </nav>
  );
}

interface ViewLinkProps {
  readonly search: string;
  readonly current: string;
  readonly name: string;
  /** Not said when there are none. */
  readonly count?: number | undefined;
}

function ViewLink({ search, current, name, count = 0 }: ViewLinkProps) {
  const formats = useFormats();
  return (
    <Link to={{ pathname: '/queue', search }} aria-current={search === current ? 'true' : undefined}>
      {name}
      {count > 0 && <span className="views-count"> {formats.number(count)}</span>}
    </Link>
  );
}

function normal(search: string): string {
  return writeSearch(readSearch(search));
}
