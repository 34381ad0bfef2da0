import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useAsk } from '../../data/AskContext.ts';
import { useAction } from '../../data/useAction.ts';
import { settled } from '../../data/userErrors.ts';
import { useFormats } from '../../format/useFormats.ts';
import { WithdrawPolicyDocument, type PolicyFieldsFragment } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { Input } from '../../shell/Input.ts';

/** The version that waits for its start, and the way to withdraw it. */
export function Scheduled({ policy }: { readonly policy: PolicyFieldsFragment }) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const formats = useFormats();
  const ask = useAsk();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const action = useAction();
  const withdraw = () =>
    void action.run(async () => {
      settled((await ask(WithdrawPolicyDocument, { input: { version: policy.version, reason: reason.trim() } })).withdrawPolicy);
      await client.invalidateQueries({ queryKey: ['policy'] });
    });
  return (
    <Card title={t('policy.scheduled', { version: policy.version })}>
      <p>{t('policy.startsAt', { at: formats.zonedTime(policy.startsAt) })}</p>
      <p className="hint">{t('policy.by', { by: policy.createdBy, at: formats.dateTime(policy.createdAt) })}</p>
      <p className="lines" data-verbatim>{policy.reason}</p>
      {can.administrate && (
        <div className="policy-withdraw">
          <label htmlFor="policy-withdraw-reason">{t('policy.withdrawReason')}</label>
          <Input id="policy-withdraw-reason" maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
          <Button danger loading={action.busy} disabled={reason.trim() === ''} onClick={withdraw}>
            {t('policy.withdraw')}
          </Button>
        </div>
      )}
      {action.error !== undefined && <FailureNotice error={action.error} />}
    </Card>
  );
}
