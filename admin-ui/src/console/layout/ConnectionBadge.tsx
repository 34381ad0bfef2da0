import { useTranslation } from 'react-i18next';
import { useSocketState } from '../../data/live/LiveContext.ts';

/** Whether changes reach the page at this moment. */
export function ConnectionBadge() {
  const { t } = useTranslation();
  const state = useSocketState();
  // A page that follows nothing is not cut off from anything: there is nothing to say about it.
  if (state === 'idle') return <output className="connection" />;
  return (
    <output className={`connection is-${state}`} title={t(`connection.${state}Hint`)}>
      <span className="connection-dot" aria-hidden="true" />
      {t(`connection.${state}`)}
    </output>
  );
}
