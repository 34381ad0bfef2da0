import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../data/useAction.ts';
import type { Decision, QueueRowFragment } from '../gql/graphql.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { FailureNotice } from '../shell/FailureNotice.tsx';
import type { RowOutcome } from './decisions.ts';
import { DecideRows } from './DecideRows.tsx';
import { ReasonField } from './ReasonField.tsx';
import { useReview } from './ReviewContext.ts';
import { factsOfRow, useReadyReasons } from './useReadyReasons.ts';

interface DecideDialogProps {
  readonly decision: Decision;
  readonly rows: readonly QueueRowFragment[];
  /** The row as it is by now. */
  readonly current: (id: string) => QueueRowFragment | undefined;
  /** Called with the cases that were decided. */
  readonly decided: (ids: readonly string[]) => void;
  readonly close: () => void;
}

/** Shows what a decision about one or more cases will do, submits it, and shows the outcome of each. */
export function DecideDialog({ decision, rows, current, decided, close }: DecideDialogProps) {
  const { t } = useTranslation();
  const { decide } = useReview();
  // Cases that can't be decided are neither counted nor sent.
  const [chosen] = useState(() => rows.filter(({ canDecide }) => canDecide));
  const offered = useReadyReasons(decision, chosen.map(factsOfRow));
  // For several cases no reason is preselected: the reviewer has not looked at each.
  const [reason, setReason] = useState(rows.length === 1 ? (offered.find(({ certain }) => certain)?.text ?? '') : '');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, RowOutcome>>(new Map());
  const open = chosen.filter(({ id }) => outcomes.get(id)?.decided !== true).map((row) => current(row.id) ?? row);

  async function submit(): Promise<void> {
    setMissing(reason.trim() === '');
    if (reason.trim() === '' || open.length === 0) return;
    await run(async () => {
      const results = await decide(open, decision, reason.trim());
      decided(results.filter((result) => result.decided).map(({ id }) => id));
      setOutcomes(new Map([...outcomes, ...results.map((result) => [result.id, result] as const)]));
      // A single case needs no list of outcomes.
      if (chosen.length === 1 && results.every((result) => result.decided)) close();
    });
  }

  const finished = open.length === 0;
  return (
    <Dialog
      open
      title={t(`decision.title.${decision}`, { count: chosen.length })}
      close={close}
      width={680}
      footer={
        <>
          <Button onClick={close}>{t(finished ? 'decide.close' : 'decide.cancel')}</Button>
          {!finished && (
            <Button type="primary" danger={decision === 'REJECT'} loading={busy} onClick={() => void submit()}>
              {t('decide.submit', { count: open.length })}
            </Button>
          )}
        </>
      }
    >
      <p>{t(`decision.effect.${decision}`)}</p>
      {chosen.length < rows.length && <Alert type="info" showIcon title={t('decide.leftOut', { count: rows.length - chosen.length })} />}
      {outcomes.size > 0 && <OutcomeSummary outcomes={[...outcomes.values()]} />}
      {error !== undefined && <FailureNotice error={error} retry={() => void submit()} />}
      <DecideRows rows={chosen} current={current} decision={decision} outcomes={outcomes} />
      {!finished && <ReasonField offered={offered} reason={reason} change={setReason} submit={() => void submit()} missing={missing} />}
    </Dialog>
  );
}

function OutcomeSummary({ outcomes }: { readonly outcomes: readonly RowOutcome[] }) {
  const { t } = useTranslation();
  const done = outcomes.filter(({ decided }) => decided).length;
  const failed = outcomes.length - done;
  return <Alert role="status" type={failed === 0 ? 'success' : 'warning'} showIcon title={t('decide.summary', { done, failed })} />;
}
