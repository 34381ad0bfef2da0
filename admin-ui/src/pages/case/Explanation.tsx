import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { Card } from '../../shell/Card.tsx';
import type { CaseDetail } from './useCase.ts';
import { VotesPicture } from './VotesPicture.tsx';

/** Why the case stands where it stands: as facts, and as a picture. */
export function Explanation({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { explanation } = shown;
  const signed = new Intl.NumberFormat(undefined, { signDisplay: 'exceptZero' });
  return (
    <Card
      title={t('explain.title')}
      extra={
        <strong className="votes-count">
          {t('explain.votesOf', { count: explanation.count, threshold: explanation.threshold })}
        </strong>
      }
    >
      <p>{explanation.text}</p>
      <VotesPicture shown={shown} />
      <dl className="facts">
        <dt>{t('explain.thresholdHow')}</dt>
        <dd>
          {t('explain.thresholdSum', {
            base: explanation.scenarioThreshold,
            adjustment: signed.format(explanation.riskAdjustment),
            level: t(`riskLevel.${explanation.riskLevel}`),
            threshold: explanation.threshold,
          })}
        </dd>
        <dt>{t('explain.window')}</dt>
        <dd>{t('explain.windowSince', { from: formats.zonedTime(explanation.windowStart) })}</dd>
        <dt>{t('explain.nextExpiry')}</dt>
        <dd>{explanation.nextExpiryAt === null ? '–' : formats.zonedTime(explanation.nextExpiryAt)}</dd>
        <dt>{t('explain.holds')}</dt>
        <dd>{explanation.holds.length === 0 ? t('explain.noHolds') : formats.list(explanation.holds)}</dd>
        <dt>{t('explain.policy')}</dt>
        <dd>{t('explain.policyVersion', { version: explanation.policyVersion })}</dd>
      </dl>
      <h3>{t('explain.votes')}</h3>
      <ul className="votes-list">
        {explanation.votes.map((vote) => (
          <li key={vote.entityId}>
            <strong>{vote.merchants.map(({ name }) => name).join('、')}</strong>
            <span className="hint">
              {vote.entityId} · {t('explain.voteTags', { count: vote.tags })} · {formats.dateTime(vote.lastTagAt)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
