import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { WebhookDeliveryRowFragment } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { Dialog } from '../../shell/Dialog.tsx';
import { deliveryTones } from './webhookFacts.ts';

interface DeliveryDialogProps {
  /** Undefined when it is no longer in the list. */
  readonly delivery: WebhookDeliveryRowFragment | undefined;
  readonly close: () => void;
}

/** One delivery with its attempts. */
export function DeliveryDialog({ delivery, close }: DeliveryDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open title={delivery?.type ?? t('webhooks.deliveries')} close={close} width={640}>
      {delivery === undefined ? <p>{t('webhooks.gone')}</p> : <DeliveryBody delivery={delivery} />}
    </Dialog>
  );
}

function DeliveryBody({ delivery }: { readonly delivery: WebhookDeliveryRowFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <>
      <p className="head-facts">
        <Mark tone={deliveryTones[delivery.state]}>{t(`webhooks.deliveryState.${delivery.state}`)}</Mark>
      </p>
      <dl className="facts">
        <dt>{t('webhooks.delivery.message')}</dt>
        <dd>{delivery.messageId}</dd>
        <dt>{t('webhooks.delivery.subject')}</dt>
        <dd>{delivery.subject}</dd>
        <dt>{t('webhooks.delivery.happened')}</dt>
        <dd>{formats.dateTime(delivery.at)}</dd>
        {delivery.seq !== null && (
          <>
            <dt>{t('webhooks.delivery.seq')}</dt>
            <dd>{delivery.seq}</dd>
          </>
        )}
        <dt>{t('webhooks.delivery.tries')}</dt>
        <dd>{delivery.tries}</dd>
        {delivery.nextAttemptAt !== null && (
          <>
            <dt>{t('webhooks.delivery.next')}</dt>
            <dd>{formats.dateTime(delivery.nextAttemptAt)}</dd>
          </>
        )}
      </dl>
      <strong>{t('webhooks.attempts')}</strong>
      <ul className="record-list">
        {delivery.attempts.map((attempt) => (
          <li key={attempt.at}>
            {t('webhooks.attempt', {
              at: formats.dateTime(attempt.at),
              answer: [attempt.status, attempt.failure === null ? null : t(`webhooks.failure.${attempt.failure}`)].filter((part) => part !== null).join(' '),
              took: attempt.tookMs,
            })}
          </li>
        ))}
      </ul>
    </>
  );
}
