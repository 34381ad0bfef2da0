import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../data/useRead.ts';
import { fieldChanges, type FieldChange } from '../../entry/entryFacts.ts';
import { EntrySentence } from '../../entry/EntrySentence.tsx';
import { SubjectLinks } from '../../entry/SubjectLinks.tsx';
import { useActionName } from '../../format/useActionName.ts';
import { useFormats } from '../../format/useFormats.ts';
import { LogEntryDetailDocument, type LogEntryDetailQuery } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';

interface EntryDialogProps {
  readonly seq: string;
  readonly show: (seq: string) => void;
  readonly close: () => void;
}

/** One entry with all it says, what it changed, and whether the log's chain holds there. */
export function EntryDialog({ seq, show, close }: EntryDialogProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useRead(LogEntryDetailDocument, { seq }, { key: ['logEntry', seq], keepLast: true });
  const step = (by: bigint) => show(String(BigInt(seq) + by));
  return (
    <Dialog
      open
      title={t('log.entry', { seq })}
      close={close}
      width={760}
      footer={
        <>
          <Button disabled={seq === '1'} onClick={() => step(-1n)}>
            ← {t('log.previous')}
          </Button>
          <Button disabled={data?.logEntry === null} onClick={() => step(1n)}>
            {t('log.next')} →
          </Button>
        </>
      }
    >
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <div className="skeleton is-card" />}
      {data?.logEntry === null && <p>{t('log.noEntry', { seq })}</p>}
      {data?.logEntry !== undefined && data.logEntry !== null && <EntryBody logged={data.logEntry} />}
    </Dialog>
  );
}

function EntryBody({ logged }: { readonly logged: NonNullable<LogEntryDetailQuery['logEntry']> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const actionName = useActionName();
  const { entry, hash, intact } = logged;
  return (
    <>
      <p className="entry-sentence">
        <EntrySentence entry={entry} />
      </p>
      <dl className="facts">
        <dt>{t('log.column.at')}</dt>
        <dd>
          <time dateTime={entry.at}>{formats.exactTime(entry.at)}</time> <span className="hint">{entry.at}</span>
        </dd>
        <dt>{t('log.column.action')}</dt>
        <dd>
          {actionName(entry.action)} <code>{entry.action}</code>
        </dd>
        <dt>{t('log.column.actor')}</dt>
        <dd>{entry.actor}</dd>
        {entry.reasonText !== null && (
          <>
            <dt>{t('log.column.reason')}</dt>
            <dd className="lines" data-verbatim>
              {entry.reasonText}
            </dd>
          </>
        )}
        <dt>{t('log.column.subjects')}</dt>
        <dd>
          <SubjectLinks subjects={entry.subjects} />
        </dd>
        <dt>{t('log.chain')}</dt>
        <dd>
          <Mark tone={intact ? 'good' : 'bad'}>{t(intact ? 'log.intact' : 'log.broken')}</Mark> <code className="log-hash">{hash}</code>
          {!intact && <p className="field-error">{t('log.brokenText')}</p>}
        </dd>
      </dl>
      <StateChanges before={entry.before} after={entry.after} />
    </>
  );
}

function StateChanges({ before, after }: { readonly before: string | null; readonly after: string | null }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const fields = useMemo(() => fieldChanges(before, after), [before, after]);
  if (before === null && after === null) return <p className="hint">{t('log.noState')}</p>;
  const changed = fields.filter((field) => field.changed);
  const shown = all || before === null ? fields : changed;
  return (
    <>
      <h3>{t(before === null ? 'log.newState' : 'log.changes')}</h3>
      {shown.length === 0 ? <p className="hint">{t('log.noChange')}</p> : <ChangeTable fields={shown} withBefore={before !== null} />}
      {before !== null && changed.length < fields.length && (
        <Button size="small" type="link" onClick={() => setAll(!all)}>
          {t(all ? 'log.onlyChanged' : 'log.allFields', { count: fields.length })}
        </Button>
      )}
      <details>
        <summary>{t('log.raw')}</summary>
        <ScrollRegion className="log-raw" label={t('log.raw')}>
          <pre>{[before, after].map((state) => pretty(state)).join('\n→\n')}</pre>
        </ScrollRegion>
      </details>
    </>
  );
}

function ChangeTable({ fields, withBefore }: { readonly fields: readonly FieldChange[]; readonly withBefore: boolean }) {
  const { t } = useTranslation();
  return (
    <ScrollRegion className="decide-rows" label={t('log.changes')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('log.field')}</th>
            {withBefore && <th scope="col">{t('log.column.before')}</th>}
            <th scope="col">{t('log.column.after')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, before, after, changed }) => (
            <tr key={field}>
              <th scope="row">
                <code>{field}</code>
              </th>
              {withBefore && <td className="log-value">{changed && before !== undefined ? <del>{before}</del> : (before ?? '–')}</td>}
              <td className="log-value">{changed && withBefore && after !== undefined ? <ins>{after}</ins> : (after ?? '–')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function pretty(state: string | null): string {
  if (state === null) return '–';
  try {
    return JSON.stringify(JSON.parse(state), undefined, 2);
  } catch {
    return state;
  }
}
