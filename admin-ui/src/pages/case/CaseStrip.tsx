import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { appealPath } from '../../console/recordPaths.ts';
import { useFormats } from '../../format/useFormats.ts';
import { DueTime, Mark, RiskMark } from '../../review/marks.tsx';
import { appealTones } from '../appeals/useAppeals.ts';
import type { CaseDetail } from './useCase.ts';

/** What stands at a glance: votes, risk, money, time, what was decided about the account before, and an appeal. */
export function CaseStrip({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { explanation, evidence, buyer } = shown;
  const missing = Math.max(0, explanation.threshold - explanation.count);
  const appeal = buyer.appeals.find((each) => each.case?.id === shown.id);
  return (
    <dl className="case-strip">
      <Fact name={t('strip.votes')} note={missing > 0 ? t('strip.missing', { count: missing }) : t('strip.met')}>
        {explanation.count} / {explanation.threshold}
      </Fact>
      <Fact name={t('strip.risk')} note={buyer.risk === null ? t('risk.none') : t('risk.scoreOf', { score: buyer.risk.score })}>
        <RiskMark level={explanation.riskLevel} />
      </Fact>
      <Fact name={t('strip.amount')} note={t('strip.orders', { count: evidence.orders })}>
        {evidence.amounts.length === 0 ? '–' : evidence.amounts.map(({ cents, currency }) => formats.money(cents, currency)).join(' + ')}
      </Fact>
      <Fact name={t('strip.due')} note={shown.dueAt === null || shown.handling === 'HANDLED' ? '' : formats.dateTime(shown.dueAt).slice(5)}>
        {shown.handling === 'PENDING' ? <DueTime dueAt={shown.dueAt} /> : t('handling.HANDLED')}
      </Fact>
      <Fact name={t('strip.earlier')} note={earlierNote(shown, (decision, count) => `${t(`decision.done.${decision}`)} ${count}`)}>
        {earlierCount(shown)}
      </Fact>
      {appeal !== undefined && (
        <Fact name={t('strip.appeal')} note="">
          <Link to={appealPath(appeal.id)}>
            <Mark tone={appealTones[appeal.state]}>{t(`appeals.state.${appeal.state}`)}</Mark>
          </Link>
        </Fact>
      )}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly note: string;
  readonly children: ReactNode;
}

function Fact({ name, note, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{children}</strong>
        {note !== '' && <span className="hint">{note}</span>}
      </dd>
    </div>
  );
}

type OtherDecision = NonNullable<CaseDetail['buyer']['cases'][number]['decision']>['decision'];

// Decisions about the account's other cases; this one's own is beside the decision to make.
function earlierDecisions({ id, buyer }: CaseDetail): readonly OtherDecision[] {
  return buyer.cases.flatMap((other) => (other.id === id || other.decision === null ? [] : [other.decision.decision]));
}

function earlierCount(shown: CaseDetail): number {
  return earlierDecisions(shown).length;
}

function earlierNote(shown: CaseDetail, name: (decision: OtherDecision, count: number) => string): string {
  const counts = new Map<OtherDecision, number>();
  for (const decision of earlierDecisions(shown)) counts.set(decision, (counts.get(decision) ?? 0) + 1);
  return [...counts].map(([decision, count]) => name(decision, count)).join(' · ');
}
