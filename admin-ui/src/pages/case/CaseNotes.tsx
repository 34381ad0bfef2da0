import { Button, Mentions, type GetRef } from 'antd';
import { useId, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useAction } from '../../data/useAction.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { CaseNotesDocument, type ReviewerNoteFragment } from '../../gql/graphql.ts';
import { useReview } from '../../review/ReviewContext.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { mentionParts } from '../../team/mentionParts.ts';
import { addNote, longestNote, withdrawNote } from '../../team/teamActions.ts';
import { useReviewers } from '../../team/useReviewers.ts';
import type { CaseDetail } from './useCase.ts';

/** The field that a note is written in. */
export type NoteField = RefObject<GetRef<typeof Mentions> | null>;

interface CaseNotesProps {
  readonly shown: CaseDetail;
  readonly field: NoteField;
}

/** What reviewers noted on the case, for each other, live: latest first. */
export function CaseNotes({ shown, field }: CaseNotesProps) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  // Below the key of the case, so that it is read again with it.
  const { data, error, refetch } = useRead(CaseNotesDocument, { id: shown.id }, { key: ['case', shown.id, 'notes'], keepLast: true });
  const notes = data?.case?.notes;
  return (
    <Card title={shown.noteCount > 0 ? t('notes.titleCount', { count: shown.noteCount }) : t('notes.title')}>
      {can.decide && <NoteForm caseId={shown.id} field={field} />}
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {notes?.length === 0 && !can.decide && <p className="hint">{t('notes.empty')}</p>}
      <ol className="note-list" aria-live="polite">
        {notes?.map((note) => (
          <Note key={note.id} caseId={shown.id} note={note} />
        ))}
      </ol>
    </Card>
  );
}

function Note({ caseId, note }: { readonly caseId: string; readonly note: ReviewerNoteFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { team } = useReview();
  const { busy, error, run } = useAction();
  return (
    <li>
      <p className="note-head">
        <strong>{note.by}</strong>
        <time dateTime={note.at}>{formats.dateTime(note.at)}</time>
        {note.canWithdraw && (
          <Button size="small" type="link" loading={busy} onClick={() => void run(async () => team(withdrawNote(caseId, note.id)))}>
            {t('notes.withdraw')}
          </Button>
        )}
      </p>
      {note.text === null ? (
        <p className="hint">{t('notes.withdrawn', { by: note.withdrawnBy ?? '–', at: note.withdrawnAt === null ? '–' : formats.dateTime(note.withdrawnAt) })}</p>
      ) : (
        <p className="note-text">
          {mentionParts(note.text, note.mentions).map(({ at, text, mention }) => (mention ? <b key={at}>{text}</b> : text))}
        </p>
      )}
      {error !== undefined && <FailureNotice error={error} />}
    </li>
  );
}

function NoteForm({ caseId, field }: { readonly caseId: string; readonly field: NoteField }) {
  const { t } = useTranslation();
  const { team } = useReview();
  const reviewers = useReviewers();
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const id = useId();

  async function submit(): Promise<void> {
    setMissing(text.trim() === '');
    if (text.trim() === '') return;
    await run(async () => {
      await team(addNote(caseId, text.trim()));
      setText('');
    });
  }

  function keyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void submit();
    }
  }

  return (
    <div className="note-form">
      {error !== undefined && <FailureNotice error={error} />}
      <label htmlFor={id}>{t('notes.write')}</label>
      <Mentions
        id={id}
        ref={field}
        rows={2}
        value={text}
        maxLength={longestNote}
        options={reviewers.map((name) => ({ value: name, label: name }))}
        notFoundContent={t('notes.nobody')}
        placement="top"
        status={missing ? 'error' : ''}
        aria-invalid={missing}
        aria-describedby={`${id}-note`}
        onChange={setText}
        onKeyDown={keyDown}
      />
      <div className="note-submit">
        <p id={`${id}-note`} className={missing ? 'field-error' : 'hint'}>
          {missing ? t('notes.missing') : t('notes.hint')}
        </p>
        <Button size="small" type="primary" loading={busy} onClick={() => void submit()}>
          {t('notes.save')}
        </Button>
      </div>
    </div>
  );
}
