import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { PolicyProgressDocument } from '../../gql/graphql.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';

const askEvery = 2000;

/** How many cases a version has been applied to; polled until it is done. */
export function Rollout({ version }: { readonly version: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data, error, refetch } = useRead(PolicyProgressDocument, { version }, { key: ['policyRollout', version] });
  const rollout = data?.policyRollout ?? undefined;
  const running = rollout !== undefined && rollout.completedAt === null;
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => void refetch(), askEvery);
    return () => clearInterval(timer);
  }, [running, refetch]);
  if (error !== null) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (rollout === undefined) return <p className="hint">{t('policy.noRollout')}</p>;
  if (rollout.completedAt !== null) return <p className="hint">{t('policy.rolledOut', { at: formats.dateTime(rollout.completedAt), cases: formats.number(rollout.evaluated) })}</p>;
  return (
    <p className="hint">
      <progress aria-label={t('policy.rollout')} max={Math.max(1, rollout.cases)} value={rollout.evaluated} /> {t('policy.rollingOut', { done: formats.number(rollout.evaluated), all: formats.number(rollout.cases) })}
    </p>
  );
}
