import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { settled } from '../../data/userErrors.ts';
import { UpdateWebhookEndpointDocument, type WebhookRowFragment } from '../../gql/graphql.ts';
import { EndpointDialog } from './EndpointDialog.tsx';
import { changesOf, draftOf, type EndpointDraft } from './endpointDraft.ts';

interface EditDialogProps {
  readonly endpoint: WebhookRowFragment;
  readonly changed: () => void;
  readonly close: () => void;
}

/** Another address, description or choice of events for an endpoint. Its secret and its place in the log stay. */
export function EditDialog({ endpoint, changed, close }: EditDialogProps) {
  const { t } = useTranslation();
  const ask = useAsk();
  const [before] = useState(() => draftOf(endpoint)); // the page may read it again meanwhile

  async function save(draft: EndpointDraft): Promise<void> {
    const { updateWebhookEndpoint } = await ask(UpdateWebhookEndpointDocument, { input: { id: endpoint.id, ...changesOf(before, draft) } });
    settled(updateWebhookEndpoint);
    changed();
    close();
  }

  return (
    <EndpointDialog
      title={t('webhooks.edit')}
      action={t('webhooks.save')}
      start={before}
      worthwhile={(draft) => Object.keys(changesOf(before, draft)).length > 0}
      submit={save}
      close={close}
    />
  );
}
