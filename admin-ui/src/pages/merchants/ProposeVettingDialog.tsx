import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useAction } from '../../data/useAction.ts';
import { settled } from '../../data/userErrors.ts';
import { ProposeVettingDocument } from '../../gql/graphql.ts';
import { ReasonField } from '../../review/ReasonField.tsx';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';

interface ProposeVettingDialogProps {
  readonly merchantId: string;
  /** Whether it is proposed to vouch for the shop, or to stop. */
  readonly vetted: boolean;
  readonly proposed: () => void;
  readonly close: () => void;
}

/** The first of the two people that it takes to vouch for a shop, or to stop. */
export function ProposeVettingDialog({ merchantId, vetted, proposed, close }: ProposeVettingDialogProps) {
  const { t } = useTranslation();
  const ask = useAsk();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();

  async function submit(): Promise<void> {
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    await run(async () => {
      const { proposeVetting } = await ask(ProposeVettingDocument, { input: { merchantId, vetted, reason: reason.trim() } });
      settled(proposeVetting);
      proposed();
      close();
    });
  }

  return (
    <Dialog
      open
      title={t(`vetting.propose.${vetted}`)}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('revocation.cancel')}</Button>
          <Button type="primary" loading={busy} onClick={() => void submit()}>
            {t('vetting.submit')}
          </Button>
        </>
      }
    >
      <p>{t('vetting.what')}</p>
      <ReasonField offered={[]} reason={reason} change={setReason} submit={() => void submit()} missing={missing} />
      {error !== undefined && <FailureNotice error={error} />}
    </Dialog>
  );
}
