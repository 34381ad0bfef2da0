import { Button } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { Card } from '../../shell/Card.tsx';
import { TextArea } from '../../shell/Input.ts';
import { FileInput } from './FileInput.tsx';
import { batchesOf, mostOrders, numbersOf, readOrderNumbers, withNumbers } from './orderNumbers.ts';
import { PastedNumbers } from './PastedNumbers.tsx';
import { PickDialog } from './PickDialog.tsx';
import { RunReport } from './RunReport.tsx';
import { ScenarioField } from './ScenarioField.tsx';
import { unsentOf } from './submissionRun.ts';
import type { Desk } from './useDesk.ts';
import { useSubmissionRun } from './useSubmissionRun.ts';

const longestNote = 300;

interface SubmitFormProps {
  readonly merchantId: string;
  readonly desk: Pick<Desk, 'book' | 'accepted' | 'look'>;
}

/** Tags orders under one scenario: as many as were pasted, 20 at a time. */
export function SubmitForm({ merchantId, desk }: SubmitFormProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [text, setText] = useState('');
  const [scenario, setScenario] = useState<string | undefined>(undefined);
  const [note, setNote] = useState('');
  const [picking, setPicking] = useState(false);
  const [tried, setTried] = useState(false);
  const submission = useSubmissionRun(merchantId, desk.accepted);
  const id = useId();
  const pasted = readOrderNumbers(text);
  const good = numbersOf(pasted);
  const batches = batchesOf(good).length;
  const missing = tried && good.length === 0;
  const noteLength = [...note].length;
  const unfinished = submission.run?.batches.some(({ outcomes }) => outcomes === undefined) === true;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (good.length === 0 || scenario === undefined || noteLength > longestNote || unfinished) return;
    // From here on the run keeps the numbers, whatever happens to the page.
    setText('');
    setNote('');
    setTried(false);
    await submission.submit({ orderNos: good, scenario, note });
  }

  function putBack(orderNos: readonly string[]): void {
    setText(withNumbers(text, orderNos));
    submission.putAway();
  }

  function giveUp(): void {
    setText(withNumbers(text, submission.run === undefined ? [] : unsentOf(submission.run)));
    submission.giveUp();
  }

  return (
    <Card title={t('shop.submit.title')}>
      <form className="submit-form" noValidate onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor={`${id}-orders`}>{t('shop.submit.orders')}</label>
          <FileInput take={(more) => setText(withNumbers(text, [more]))} beside={<Button onClick={() => setPicking(true)}>{t('shop.pick.open')}</Button>}>
            <TextArea
              id={`${id}-orders`}
              value={text}
              rows={6}
              spellCheck={false}
              autoComplete="off"
              placeholder={t('shop.submit.ordersExample')}
              aria-describedby={`${id}-orders-note`}
              aria-invalid={missing}
              onChange={(event) => setText(event.target.value)}
            />
          </FileInput>
          <p id={`${id}-orders-note`} className={missing ? 'field-error' : 'hint'} aria-live="polite">
            {missing ? t('shop.submit.ordersMissing') : t('shop.submit.ordersHint', { most: mostOrders })}
          </p>
          <PastedNumbers pasted={pasted} change={setText} />
        </div>
        <ScenarioField value={scenario} change={setScenario} missing={tried && scenario === undefined} />
        <div className="field">
          <label htmlFor={`${id}-note`}>{t('tags.note')}</label>
          <TextArea
            id={`${id}-note`}
            value={note}
            rows={3}
            aria-describedby={`${id}-note-count`}
            aria-invalid={noteLength > longestNote}
            status={noteLength > longestNote ? 'error' : ''}
            onChange={(event) => setNote(event.target.value)}
          />
          <p id={`${id}-note-count`} className={noteLength > longestNote ? 'field-error' : 'hint'}>
            {t('shop.submit.noteCount', { count: noteLength, most: longestNote })}
          </p>
        </div>
        <div className="submit-row">
          <Button type="primary" htmlType="submit" disabled={unfinished} loading={submission.busy}>
            {good.length > 0 ? t('shop.submit.send', { count: good.length }) : t('shop.submit.sendNone')}
          </Button>
          {batches > 1 && <span className="hint">{t('shop.submit.inBatches', { number: formats.number(batches), most: mostOrders })}</span>}
          {unfinished && !submission.busy && <span className="hint">{t('shop.submit.unfinished')}</span>}
        </div>
      </form>
      {picking && (
        <PickDialog
          take={(orderNos) => {
            setText(withNumbers(text, orderNos));
            setPicking(false);
          }}
          close={() => setPicking(false)}
        />
      )}
      {submission.run !== undefined && <RunReport submission={submission} run={submission.run} book={desk.book} look={desk.look} putBack={putBack} giveUp={giveUp} />}
    </Card>
  );
}
