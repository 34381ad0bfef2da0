import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { settled } from '../../data/userErrors.ts';
import { CreateWebhookEndpointDocument } from '../../gql/graphql.ts';
import { EndpointDialog } from './EndpointDialog.tsx';
import { emptyDraft, tidied, type EndpointDraft } from './endpointDraft.ts';

interface CreateDialogProps {
  readonly created: (secret: string) => void;
  readonly close: () => void;
}

/** A new endpoint: where to, and what of. */
export function CreateDialog({ created, close }: CreateDialogProps) {
  const { t } = useTranslation();
  const ask = useAsk();

  async function create(draft: EndpointDraft): Promise<void> {
    const { url, description, types } = tidied(draft);
    const { createWebhookEndpoint } = await ask(CreateWebhookEndpointDocument, { input: { url, description, types: [...types] } });
    created(settled(createWebhookEndpoint).signingSecret ?? '');
  }

  return <EndpointDialog title={t('webhooks.create')} action={t('webhooks.submit')} start={emptyDraft} worthwhile={() => true} submit={create} close={close} />;
}
