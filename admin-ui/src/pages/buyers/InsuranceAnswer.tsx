import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { FreightInsuranceAnswerDocument, type FreightInsuranceAnswer } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';

const tones: Record<FreightInsuranceAnswer, 'good' | 'bad' | 'warn'> = { PAY: 'good', REFUSE: 'bad', AWAIT_COMPLAINT: 'warn' };

/** The answer to freight insurance about an order. The server stores each new answer, so that it is asked on demand only. */
export function InsuranceAnswer({ orderNo }: { readonly orderNo: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [asked, setAsked] = useState(false);
  const { data, error, isFetching, refetch } = useRead(FreightInsuranceAnswerDocument, { orderNo }, { key: ['insurance', orderNo], enabled: asked });
  if (error !== null) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (data === undefined) {
    return (
      <Button size="small" loading={isFetching} aria-label={`${t('buyers.askAnswer')} ${orderNo}`} onClick={() => setAsked(true)}>
        {t('buyers.askAnswer')}
      </Button>
    );
  }
  const { answer, grounds, decidedAt, version } = data.freightInsuranceDecision;
  return (
    <p aria-live="polite">
      <Mark tone={tones[answer]}>{t(`buyers.answer.${answer}`)}</Mark> {grounds} <span className="hint">{t('buyers.answerAt', { at: formats.dateTime(decidedAt), version })}</span>
    </p>
  );
}
