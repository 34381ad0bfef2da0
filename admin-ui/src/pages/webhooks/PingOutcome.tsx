import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePolling } from '../../data/usePolling.ts';
import { useRead } from '../../data/useRead.ts';
import { WebhookPingsDocument } from '../../gql/graphql.ts';
import { latestAttempt } from './webhookFacts.ts';

const readEvery = 1000;

interface PingOutcomeProps {
  readonly endpoint: string;
  /** The ping's delivery. */
  readonly delivery: string;
}

/** What became of a ping: it waits until the server has sent it, which is a matter of seconds. */
export function PingOutcome({ endpoint, delivery }: PingOutcomeProps) {
  const { t } = useTranslation();
  const { data, refetch } = useRead(WebhookPingsDocument, { id: endpoint }, { key: ['webhook-ping', endpoint, delivery] });
  const ping = data?.webhookEndpoint?.deliveries.nodes.find(({ id }) => id === delivery);
  const attempt = ping === undefined ? undefined : latestAttempt(ping);
  usePolling(() => void refetch(), attempt === undefined ? readEvery : undefined);
  if (attempt === undefined) return <Alert type="info" showIcon role="status" title={t('webhooks.pingWaits')} />;
  const status = attempt.status ?? (attempt.failure === null ? '' : t(`webhooks.failure.${attempt.failure}`));
  return <Alert type={attempt.failure === null ? 'success' : 'warning'} showIcon role="status" title={t('webhooks.pinged', { status, took: attempt.tookMs })} />;
}
