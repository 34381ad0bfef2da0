import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { CaseDetail } from './useCase.ts';

/** Why the case stands where it stands: the rule's arithmetic, folded. */
export function Explanation({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { explanation } = shown;
  const signed = new Intl.NumberFormat(undefined, { signDisplay: 'exceptZero' });
  return (
    <details className="explanation">
      <summary>{t('explain.title')}</summary>
      <p>{shown.scenario.definition}</p>
      <p>{explanation.text}</p>
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
        <dd>{explanation.onHold.length === 0 ? t('explain.noHolds') : formats.list(explanation.onHold.map(({ label }) => label))}</dd>
        {shown.priorityParts.length > 0 && (
          <>
            <dt>{t('queue.column.priority')}</dt>
            <dd>
              {formats.number(Math.round(shown.priority))} = {shown.priorityParts.map(({ reason, hours }) => `${t(`priority.${reason}`)} ${formats.number(Math.round(hours))}`).join(' + ')}
            </dd>
          </>
        )}
        <dt>{t('explain.policy')}</dt>
        <dd>{t('explain.policyVersion', { version: explanation.policyVersion })}</dd>
        <dt>{t('case.versionName')}</dt>
        <dd>{shown.version}</dd>
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
    </details>
  );
}
