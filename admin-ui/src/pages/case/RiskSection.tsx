import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { BuyerRiskFragment, RiskLevel } from '../../gql/graphql.ts';
import { RiskMark } from '../../review/marks.tsx';
import { signalValue } from '../../review/signalValue.ts';
import { Card } from '../../shell/Card.tsx';

interface RiskSectionProps {
  readonly buyer: BuyerRiskFragment;
  readonly level: RiskLevel;
}

type Signal = NonNullable<BuyerRiskFragment['risk']>['signals'][number];

/** What the platform itself knows: signals by their weight, apart from facts that weigh nothing, and what the account bought. */
export function RiskSection({ buyer, level }: RiskSectionProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { risk, exposure } = buyer;
  const signals = (risk?.signals ?? []).toSorted((a, b) => b.weight - a.weight);
  const weighing = signals.filter(({ weight }) => weight !== 0);
  const facts = signals.filter(({ weight }) => weight === 0);
  const heaviest = Math.max(0.0001, ...weighing.map(({ weight }) => Math.abs(weight)));
  return (
    <Card
      title={t('risk.title')}
      extra={
        <span>
          <RiskMark level={level} /> <span className="hint">{risk === null ? t('risk.none') : t('risk.scoreOf', { score: risk.score })}</span>
        </span>
      }
    >
      {weighing.length > 0 && (
        <ul className="signals" aria-label={t('risk.signals')}>
          {weighing.map((signal) => (
            <li key={signal.code}>
              <span className="signal-name">
                {formats.label(signal.label)}
                <strong>{signalValue(signal, formats)}</strong>
              </span>
              <span className="signal-weight">{t('risk.weight', { weight: formats.decimal(signal.weight) })}</span>
              <span className="signal-bar" aria-hidden="true">
                <span style={{ width: `${(Math.abs(signal.weight) / heaviest) * 100}%` }} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <dl className="facts">
        <dt>{t('risk.share')}</dt>
        <dd>
          <strong>{exposure.orders === 0 ? '–' : `${exposure.taggedOrders ?? 0} / ${exposure.orders}`}</strong>
        </dd>
        <dt>{t('risk.exposure')}</dt>
        <dd>{t('risk.exposureOf', { orders: formats.number(exposure.orders), merchants: formats.number(exposure.merchants) })}</dd>
        {facts.map((signal) => (
          <FactRow key={signal.code} signal={signal} />
        ))}
        {risk !== null && (
          <>
            <dt>{t('risk.updatedAt')}</dt>
            <dd>{formats.dateTime(risk.updatedAt)}</dd>
          </>
        )}
      </dl>
    </Card>
  );
}

function FactRow({ signal }: { readonly signal: Signal }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <>
      <dt>{signal.label}</dt>
      <dd>
        {signalValue(signal, formats)} <span className="hint">{t('risk.noWeight')}</span>
      </dd>
    </>
  );
}
