import { Button, Input, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useAction } from '../../data/useAction.ts';
import { useRead } from '../../data/useRead.ts';
import { settled } from '../../data/userErrors.ts';
import { CreateWebhookEndpointDocument, WebhookTypesDocument } from '../../gql/graphql.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';

interface CreateDialogProps {
  readonly created: (secret: string) => void;
  readonly close: () => void;
}

/** A new endpoint: where to, and what of. */
export function CreateDialog({ created, close }: CreateDialogProps) {
  const { t } = useTranslation();
  const ask = useAsk();
  const types = useRead(WebhookTypesDocument, {}, { key: ['webhookTypes'] });
  const [url, setUrl] = useState('');
  const [description, setDescription] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { busy, error, run } = useAction();
  const id = useId();

  const submit = () =>
    run(async () => {
      const { createWebhookEndpoint } = await ask(CreateWebhookEndpointDocument, { input: { url: url.trim(), description: description.trim(), types: [...chosen] } });
      created(settled(createWebhookEndpoint).signingSecret ?? '');
    });

  return (
    <Dialog
      open
      title={t('webhooks.create')}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('webhooks.cancel')}</Button>
          <Button type="primary" loading={busy} onClick={() => void submit()}>
            {t('webhooks.submit')}
          </Button>
        </>
      }
    >
      <div className="form-field">
        <label htmlFor={`${id}-url`}>{t('webhooks.url')}</label>
        <Input id={`${id}-url`} type="url" value={url} aria-describedby={`${id}-hint`} onChange={(event) => setUrl(event.target.value)} />
        <p id={`${id}-hint`} className="hint">
          {t('webhooks.urlHint')}
        </p>
      </div>
      <div className="form-field">
        <label htmlFor={`${id}-description`}>{t('webhooks.description')}</label>
        <Input id={`${id}-description`} maxLength={200} value={description} onChange={(event) => setDescription(event.target.value)} />
      </div>
      <div className="form-field">
        <span className="label" aria-hidden="true">
          {t('webhooks.types')}
        </span>
        <Select<string[]> mode="multiple" aria-label={t('webhooks.types')} value={[...chosen]} options={(types.data?.webhookTypes ?? []).map((value) => ({ value, label: value }))} onChange={setChosen} />
        <p className="hint">{t('webhooks.typesHint')}</p>
      </div>
      {error !== undefined && <FailureNotice error={error} />}
    </Dialog>
  );
}
