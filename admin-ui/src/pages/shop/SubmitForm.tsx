import { Button, Input } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { OrderNumberList } from './OrderNumberList.tsx';
import { goodNumbers, mostOrders, readOrderNumbers } from './orderNumbers.ts';
import { ScenarioField } from './ScenarioField.tsx';
import { SubmitResults } from './SubmitResults.tsx';
import { useSubmission } from './useSubmission.ts';

const longestNote = 300;

/** Tags up to 20 orders under one scenario. */
export function SubmitForm({ submitted }: { readonly submitted: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [scenario, setScenario] = useState<string | undefined>(undefined);
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const submission = useSubmission();
  const id = useId();
  const numbers = readOrderNumbers(text);
  const good = goodNumbers(numbers);
  const problem = problemOf(good.length, numbers.some(({ state }) => state === 'malformed'));
  const noteLength = [...note].length;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (problem !== undefined || scenario === undefined || noteLength > longestNote || submission.busy) return;
    const result = await submission.submit({ orderNos: good, scenario, note });
    if (result === undefined) return;
    // What was refused stays in the field, to be mended.
    setText(result.results.filter(({ accepted }) => !accepted).map(({ orderNo }) => orderNo).join('\n'));
    setNote('');
    setTried(false);
    submitted();
  }

  return (
    <Card title={t('shop.submit.title')}>
      <form className="submit-form" noValidate onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor={`${id}-orders`}>{t('shop.submit.orders')}</label>
          <Input.TextArea
            id={`${id}-orders`}
            value={text}
            rows={6}
            spellCheck={false}
            autoComplete="off"
            aria-describedby={`${id}-orders-note`}
            aria-invalid={tried && problem !== undefined}
            onChange={(event) => setText(event.target.value)}
          />
          <p id={`${id}-orders-note`} className={problem !== undefined && (tried || good.length > mostOrders) ? 'field-error' : 'hint'} aria-live="polite">
            {problem !== undefined && (tried || good.length > mostOrders) ? t(`shop.submit.${problem}`, { most: mostOrders }) : t('shop.submit.ordersHint', { most: mostOrders })}
          </p>
          <OrderNumberList numbers={numbers} />
        </div>
        <ScenarioField value={scenario} change={setScenario} missing={tried && scenario === undefined} />
        <div className="field">
          <label htmlFor={`${id}-note`}>{t('shop.submit.note')}</label>
          <Input.TextArea
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
        <Button type="primary" htmlType="submit" loading={submission.busy}>
          {good.length > 0 ? t('shop.submit.send', { count: good.length }) : t('shop.submit.sendNone')}
        </Button>
      </form>
      <div aria-live="polite">
        {submission.error !== undefined && <FailureNotice error={submission.error} />}
        {submission.result !== undefined && <SubmitResults submitted={submission.result} />}
      </div>
    </Card>
  );
}

function problemOf(count: number, malformed: boolean): 'ordersMissing' | 'ordersTooMany' | 'ordersMalformed' | undefined {
  if (malformed) return 'ordersMalformed';
  if (count === 0) return 'ordersMissing';
  return count > mostOrders ? 'ordersTooMany' : undefined;
}
