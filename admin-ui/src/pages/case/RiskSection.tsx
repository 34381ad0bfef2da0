import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { BuyerRiskFragment, RiskLevel } from '../../gql/graphql.ts';
import { RiskMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';

interface RiskSectionProps {
  readonly buyer: BuyerRiskFragment;
  readonly level: RiskLevel;
  /** How many of the account's orders are tagged. */
  readonly tagged: number;
}

/** What the platform itself knows: risk with its signals and their weight, and how much the account bought at all. */
export function RiskSection({ buyer, level, tagged }: RiskSectionProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { risk, exposure } = buyer;
  const heaviest = Math.max(0.0001, ...(risk?.signals ?? []).map(({ weight }) => Math.abs(weight)));
  return (
    <Card title={t('risk.title')} extra={<RiskMark level={level} />}>
      <dl className="facts">
        <dt>{t('risk.score')}</dt>
        <dd>{risk === null ? t('risk.none') : t('risk.scoreOf', { score: risk.score })}</dd>
        {risk !== null && (
          <>
            <dt>{t('risk.updatedAt')}</dt>
            <dd>{formats.dateTime(risk.updatedAt)}</dd>
          </>
        )}
        <dt>{t('risk.exposure')}</dt>
        <dd>{t('risk.exposureOf', { orders: formats.number(exposure.orders), merchants: formats.number(exposure.merchants) })}</dd>
        <dt>{t('risk.share')}</dt>
        <dd>{exposure.orders === 0 ? '–' : formats.percent(tagged / exposure.orders)}</dd>
      </dl>
      {risk !== null && (
        <>
          <h3>{t('risk.signals')}</h3>
          <ul className="signals">
            {risk.signals
              .toSorted((a, b) => b.weight - a.weight)
              .map((signal) => (
                <li key={signal.code}>
                  <span className="signal-name">
                    {signal.label} <span className="hint">{formats.decimal(signal.value)}</span>
                  </span>
                  <span className="signal-weight">{t('risk.weight', { weight: formats.decimal(signal.weight) })}</span>
                  <span className="signal-bar" aria-hidden="true">
                    <span style={{ width: `${(Math.abs(signal.weight) / heaviest) * 100}%` }} />
                  </span>
                </li>
              ))}
          </ul>
        </>
      )}
    </Card>
  );
}
