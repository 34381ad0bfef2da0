import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { casePath } from '../../console/recordPaths.ts';
import { DueTime, StateMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import type { CaseDetail } from './useCase.ts';

/** The buyer's cases under other scenarios. */
export function OtherCases({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const others = shown.buyer.cases.filter(({ id }) => id !== shown.id);
  return (
    <Card title={t('case.others')}>
      {others.length === 0 && <p className="hint">{t('case.noOthers')}</p>}
      <ul className="plain-list other-cases">
        {others.map((other) => (
          <li key={other.id}>
            <Link to={casePath(other.id)}>{other.scenario.name}</Link> <StateMark state={other.state} />{' '}
            <span className="hint">
              {other.explanation.count}/{other.explanation.threshold}
            </span>{' '}
            {other.handling === 'PENDING' && <DueTime dueAt={other.dueAt} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}
