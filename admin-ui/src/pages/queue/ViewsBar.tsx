import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { readSearch, writeSearch } from './queueSearch.ts';
import { useSavedViews } from './useSavedViews.ts';
import { ViewsDialog } from './ViewsDialog.tsx';

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
  { key: 'escalated', search: 'escalated=1' },
  { key: 'snoozed', search: 'snoozed=1' },
] as const;

/** Ways to look at the queue: some for everybody, and those that were saved. Each is a link that can be shared. */
export function ViewsBar({ current, open }: ViewsBarProps) {
  const { t } = useTranslation();
  const [managing, setManaging] = useState(false);
  const saved = useSavedViews('queue');
  return (
    <nav className="views" aria-label={t('views.title')}>
      {builtIn.map(({ key, search }) => (
        <ViewLink key={key} search={search} current={current} name={t(`views.${key}`)} />
      ))}
      {saved.views.map(({ id, name, search, shared }) => (
        <ViewLink key={id} search={normal(search)} current={current} name={shared ? `${name} ·` : name} />
      ))}
      <Button size="small" onClick={() => setManaging(true)}>
        {t('views.manage')}
      </Button>
      <ViewsDialog visible={managing} saved={saved} current={current} open={open} close={() => setManaging(false)} />
    </nav>
  );
}

interface ViewLinkProps {
  readonly search: string;
  readonly current: string;
  readonly name: string;
}

function ViewLink({ search, current, name }: ViewLinkProps) {
  return (
    <Link to={{ pathname: '/queue', search }} aria-current={search === current ? 'true' : undefined}>
      {name}
    </Link>
  );
}

function normal(search: string): string {
  return writeSearch(readSearch(search));
}
