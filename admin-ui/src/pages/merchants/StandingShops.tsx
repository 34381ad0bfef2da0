import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { merchantPath } from '../../console/recordPaths.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { ShopsStandingOutDocument } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';

/** Shops that stand out among those that tagged lately, folded: facts to look into. Nothing where none does. */
export function StandingShops() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data, error, refetch } = useRead(ShopsStandingOutDocument, {}, { key: ['shopsStandingOut'] });
  if (error !== null) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (data === undefined || data.shopsStandingOut.length === 0) return null;
  return (
    <details className="card standing-shops">
      <summary>
        {t('merchants.standingOut')} <span className="hint">{formats.number(data.shopsStandingOut.length)}</span>
      </summary>
      <ul className="record-list">
        {data.shopsStandingOut.map(({ id, name, record }) => (
          <li key={id} className="record-line">
            <Link to={merchantPath(id)}>{name}</Link>
            {record?.signals.map(({ kind, text }) => (
              <span key={kind}>
                <Mark tone="warn">{t(`merchants.signal.${kind}`)}</Mark> <span className="hint">{text}</span>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}
