import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { Decision, QueueRowFragment } from '../../gql/graphql.ts';
import { ListCount } from '../../grid/ListCount.tsx';
import type { ListView } from '../../list/list.ts';
import { decisions } from '../../review/decisions.ts';

interface QueueToolbarProps {
  readonly view: ListView<QueueRowFragment>;
  readonly selected: number;
  readonly canDecide: boolean;
  readonly decide: (decision: Decision) => void;
  /** For leads. */
  readonly assign: (() => void) | undefined;
  readonly clear: () => void;
  readonly showArrivals: () => void;
  readonly children: ReactNode;
}

/** Above the list, always of the same height: how many there are, what is new, and what can be done with what is selected. */
export function QueueToolbar({ view, selected, canDecide, decide, assign, clear, showArrivals, children }: QueueToolbarProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <div className="toolbar">
      <ListCount view={view} of="cases" showArrivals={showArrivals} />
      <span className="toolbar-space" />
      {canDecide && (
        <div role="group" aria-label={t('queue.actions')} className="toolbar-actions">
          <span className="toolbar-selected" aria-live="polite">
            {selected > 0 ? t('queue.selected', { number: formats.number(selected) }) : t('queue.activeRow')}
          </span>
          {decisions.map((decision, index) => (
            <Button key={decision} size="small" disabled={view.count === 0} danger={decision === 'REJECT'} onClick={() => decide(decision)}>
              {t(`decision.name.${decision}`)} <kbd className="wide-only">{index + 1}</kbd>
            </Button>
          ))}
          {assign !== undefined && (
            <Button size="small" disabled={view.count === 0} onClick={assign}>
              {t('team.assign')} <kbd className="wide-only">a</kbd>
            </Button>
          )}
          <Button size="small" disabled={selected === 0} onClick={clear}>
            {t('queue.unselect')}
          </Button>
        </div>
      )}
      {children}
    </div>
  );
}
