import { Button } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAsk } from '../../data/AskContext.ts';
import { useAction } from '../../data/useAction.ts';
import { settled } from '../../data/userErrors.ts';
import {
  DeleteWebhookEndpointDocument, PauseWebhookEndpointDocument, PingWebhookEndpointDocument, ReplayWebhookEndpointDocument, ResumeWebhookEndpointDocument,
  RotateWebhookSecretDocument, type WebhookRowFragment,
} from '../../gql/graphql.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { Input } from '../../shell/Input.ts';
import { EditDialog } from './EditDialog.tsx';
import { PingOutcome } from './PingOutcome.tsx';
import { SecretDialog } from './SecretDialog.tsx';
import { momentOf } from './webhookFacts.ts';

interface EndpointActionsProps {
  readonly endpoint: WebhookRowFragment;
  readonly changed: () => void;
}

/** What the caller may do with an endpoint, as the server says. */
export function EndpointActions({ endpoint, changed }: EndpointActionsProps) {
  const { t } = useTranslation();
  const ask = useAsk();
  const navigate = useNavigate();
  const { busy, error, run: act } = useAction();
  const [secret, setSecret] = useState<string | undefined>(undefined);
  const [pinged, setPinged] = useState<string | undefined>(undefined);
  const [since, setSince] = useState('');
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const sinceId = useId();
  const { id, state } = endpoint;
  const moment = momentOf(since);

  async function run(action: () => Promise<void>): Promise<void> {
    if (busy) return;
    setPinged(undefined);
    await act(action);
    changed();
  }

  const pause = () => run(async () => void settled((await ask(PauseWebhookEndpointDocument, { input: { id } })).pauseWebhookEndpoint));
  const resume = (skipRefused: boolean) => run(async () => void settled((await ask(ResumeWebhookEndpointDocument, { input: { id, skipRefused } })).resumeWebhookEndpoint));
  const rotate = () => run(async () => setSecret(settled((await ask(RotateWebhookSecretDocument, { input: { id } })).rotateWebhookSecret).signingSecret ?? ''));
  const replay = (time: string) => run(async () => void settled((await ask(ReplayWebhookEndpointDocument, { input: { id, time } })).replayWebhookEndpoint));
  const ping = () =>
    run(async () => {
      setPinged(settled((await ask(PingWebhookEndpointDocument, { input: { id } })).pingWebhookEndpoint).delivery?.id);
    });
  const remove = () =>
    run(async () => {
      settled((await ask(DeleteWebhookEndpointDocument, { input: { id } })).deleteWebhookEndpoint);
      void navigate('/webhooks');
    });

  return (
    <>
      <div className="verdict-buttons">
        {endpoint.canOperate && state === 'ACTIVE' && <Button disabled={busy} onClick={() => void pause()}>{t('webhooks.pause')}</Button>}
        {endpoint.canManage && state !== 'ACTIVE' && <Button type="primary" disabled={busy} onClick={() => void resume(false)}>{t('webhooks.resume')}</Button>}
        {endpoint.canManage && state !== 'ACTIVE' && endpoint.standing.waiting > 0 && <Button disabled={busy} onClick={() => void resume(true)}>{t('webhooks.skip')}</Button>}
        {endpoint.canManage && <Button disabled={busy} onClick={() => setEditing(true)}>{t('webhooks.edit')}</Button>}
        {endpoint.canManage && <Button disabled={busy} onClick={() => void ping()}>{t('webhooks.ping')}</Button>}
        {endpoint.canManage && <Button disabled={busy} onClick={() => void rotate()}>{t('webhooks.rotate')}</Button>}
        {endpoint.canManage && <Button danger disabled={busy} onClick={() => setRemoving(true)}>{t('webhooks.remove')}</Button>}
      </div>
      {endpoint.canOperate && (
        <div className="form-field">
          <label htmlFor={sinceId}>{t('webhooks.replay')}</label>
          <Input id={sinceId} type="datetime-local" value={since} aria-describedby={`${sinceId}-hint`} onChange={(event) => setSince(event.target.value)} />
          <p id={`${sinceId}-hint`} className="hint">
            {t('webhooks.replayHint')}
          </p>
          <Button disabled={busy || moment === undefined} onClick={() => moment !== undefined && void replay(moment)}>
            {t('webhooks.replay')}
          </Button>
        </div>
      )}
      {pinged !== undefined && <PingOutcome endpoint={id} delivery={pinged} />}
      {error !== undefined && <FailureNotice error={error} />}
      {editing && <EditDialog endpoint={endpoint} changed={changed} close={() => setEditing(false)} />}
      {secret !== undefined && <SecretDialog secret={secret} close={() => setSecret(undefined)} />}
      <Dialog
        open={removing}
        title={t('webhooks.remove')}
        close={() => setRemoving(false)}
        footer={
          <>
            <Button onClick={() => setRemoving(false)}>{t('webhooks.cancel')}</Button>
            <Button type="primary" danger onClick={() => void remove()}>
              {t('webhooks.remove')}
            </Button>
          </>
        }
      >
        <p>{t('webhooks.removeText')}</p>
      </Dialog>
    </>
  );
}
