import { useQueryClient } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { RecordFrame } from '../../console/layout/RecordFrame.tsx';
import { addressOf, filled, oneOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { usePolling } from '../../data/usePolling.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { WebhookEndpointDetailDocument, type WebhookDeliveryRowFragment, type WebhookDeliveryState, type WebhookRowFragment } from '../../gql/graphql.ts';
import type { GridColumn } from '../../grid/gridColumn.ts';
import { ListSection } from '../../grid/ListSection.tsx';
import { arrayView } from '../../list/arrayView.ts';
import { Mark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { ClearFilters } from '../../shell/FilterBar.tsx';
import { TextFilter } from '../../shell/FilterField.tsx';
import { DeliveryDialog } from './DeliveryDialog.tsx';
import { EndpointActions } from './EndpointActions.tsx';
import { deliveryStates, deliveryTones, latestAttempt, webhookTones } from './webhookFacts.ts';

const idOf = ({ id }: WebhookDeliveryRowFragment) => id;
const readEvery = 5000;

interface DeliverySearch {
  readonly state: WebhookDeliveryState | undefined;
  readonly type: string | undefined;
  readonly subject: string | undefined;
  /** The delivery that is open. */
  readonly open: string | undefined;
}

const deliveriesAddress: AddressForm<DeliverySearch> = {
  read: (params) => ({ state: oneOf(deliveryStates, params.get('state')), type: filled(params.get('type')), subject: filled(params.get('subject')), open: filled(params.get('open')) }),
  write: ({ state, type, subject, open }) => addressOf({ state, type, subject, open }),
};

/** One endpoint: how it stands, what may be done with it, and what became of its events. */
export function WebhookPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const client = useQueryClient();
  const { search, change, clear } = useAddress(deliveriesAddress);
  const variables = { id, filter: { states: search.state === undefined ? null : [search.state], type: search.type ?? null, subject: search.subject ?? null } };
  const { data, error, isFetching, refetch } = useRead(WebhookEndpointDetailDocument, variables, { key: ['webhook', variables], keepLast: true });
  usePolling(() => void refetch(), readEvery);
  const rows = data?.webhookEndpoint?.deliveries.nodes;
  const view = useMemo(() => arrayView({ rows, error, refreshing: isFetching }, idOf), [rows, error, isFetching]);
  const columns = useDeliveryColumns();
  const changed = () => {
    void client.invalidateQueries({ queryKey: ['webhook'] });
    void client.invalidateQueries({ queryKey: ['webhooks'] });
  };
  return (
    <RecordFrame
      back={{ to: '/webhooks', label: t('webhooks.back') }}
      record={data?.webhookEndpoint}
      error={error}
      retry={() => void refetch()}
      missing={{ title: t('webhooks.notFound'), text: t('webhooks.notFoundText', { id }) }}
      className="list-page"
    >
      {(endpoint) => (
        <>
          <EndpointHead endpoint={endpoint} />
          <Card title={endpoint.url}>
            <EndpointActions endpoint={endpoint} changed={changed} />
          </Card>
          <ListSection
            grid="webhook-deliveries"
            label={t('webhooks.deliveries')}
            file={t('webhooks.deliveriesFile')}
            columns={columns}
            view={view}
            idOf={idOf}
            open={(row) => change({ open: row.id })}
            retry={() => void refetch()}
            rows={async () => rows ?? []}
            empty={t('webhooks.noDeliveries')}
          >
            <ChoiceFilter label={t('webhooks.delivery.state')} value={search.state} options={deliveryStates.map((value) => ({ value, label: t(`webhooks.deliveryState.${value}`) }))} change={(state) => change({ state })} />
            <TextFilter label={t('webhooks.delivery.type')} value={search.type} placeholder="tag.succeeded" change={(type) => change({ type })} />
            <TextFilter label={t('webhooks.subject')} value={search.subject} placeholder="tag:1000000001" change={(subject) => change({ subject })} />
            <ClearFilters disabled={search.state === undefined && search.type === undefined && search.subject === undefined} clear={clear} />
          </ListSection>
          {search.open !== undefined && <DeliveryDialog delivery={view.get(search.open)} close={() => change({ open: undefined })} />}
        </>
      )}
    </RecordFrame>
  );
}

function EndpointHead({ endpoint }: { readonly endpoint: WebhookRowFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { standing } = endpoint;
  return (
    <PageHeading title={endpoint.description ?? t('nav.webhooks')}>
      <p className="head-facts" aria-live="polite">
        <Mark tone={webhookTones[endpoint.state]}>{t(`webhooks.state.${endpoint.state}`)}</Mark>
        <span>{endpoint.merchantId ?? t('webhooks.platform')}</span>
        <span>{endpoint.types.length === 0 ? t('webhooks.all') : endpoint.types.join(', ')}</span>
      </p>
      {endpoint.disabledReason !== null && <Alert type="error" showIcon title={t(`webhooks.reason.${endpoint.disabledReason}`)} />}
      {endpoint.overlapUntil !== null && <p className="hint">{t('webhooks.overlap', { until: formats.dateTime(endpoint.overlapUntil) })}</p>}
      {standing.failingSince !== null && (
        <p>
          {t('webhooks.standing', {
            waiting: standing.waiting,
            since: formats.dateTime(standing.failingSince),
            next: standing.nextAttemptAt === null ? '–' : formats.dateTime(standing.nextAttemptAt),
          })}
        </p>
      )}
    </PageHeading>
  );
}

function useDeliveryColumns(): readonly GridColumn<WebhookDeliveryRowFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return useMemo<readonly GridColumn<WebhookDeliveryRowFragment>[]>(() => {
    const answer = (row: WebhookDeliveryRowFragment) => {
      const attempt = latestAttempt(row);
      return attempt === undefined ? '' : String(attempt.status ?? (attempt.failure === null ? '' : t(`webhooks.failure.${attempt.failure}`)));
    };
    const at = (row: WebhookDeliveryRowFragment) => latestAttempt(row)?.at ?? row.at;
    return [
      { id: 'at', title: t('webhooks.delivery.at'), width: '176px', essential: true, cell: (row) => formats.dateTime(at(row)), text: at },
      { id: 'type', title: t('webhooks.delivery.type'), width: 'minmax(120px, 1fr)', essential: true, cell: ({ type }) => type, text: ({ type }) => type },
      { id: 'subject', title: t('webhooks.delivery.subject'), width: 'minmax(140px, 1.5fr)', cell: ({ subject }) => <span title={subject}>{subject}</span>, text: ({ subject }) => subject },
      { id: 'state', title: t('webhooks.delivery.state'), width: '120px', essential: true, cell: ({ state }) => <Mark tone={deliveryTones[state]}>{t(`webhooks.deliveryState.${state}`)}</Mark>, text: ({ state }) => t(`webhooks.deliveryState.${state}`) },
      { id: 'status', title: t('webhooks.delivery.status'), width: '110px', cell: answer, text: answer },
      { id: 'tries', title: t('webhooks.delivery.tries'), width: '90px', align: 'end', cell: ({ tries }) => tries, text: ({ tries }) => String(tries) },
      { id: 'next', title: t('webhooks.delivery.next'), width: '176px', optional: true, cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? '' : formats.dateTime(nextAttemptAt)), text: ({ nextAttemptAt }) => nextAttemptAt ?? '', isTime: true },
      { id: 'message', title: t('webhooks.delivery.message'), width: 'minmax(120px, 1fr)', optional: true, cell: ({ messageId }) => messageId, text: ({ messageId }) => messageId },
    ];
  }, [t, formats]);
}
