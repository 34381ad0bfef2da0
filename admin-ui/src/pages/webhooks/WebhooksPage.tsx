import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { webhookPath } from '../../console/recordPaths.ts';
import { addressOf, filled, oneOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { usePolling } from '../../data/usePolling.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { WebhookEndpointsDocument, type WebhookRowFragment, type WebhookState } from '../../gql/graphql.ts';
import type { GridColumn } from '../../grid/gridColumn.ts';
import { ListSection } from '../../grid/ListSection.tsx';
import { arrayView } from '../../list/arrayView.ts';
import { Mark } from '../../review/marks.tsx';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { ClearFilters } from '../../shell/FilterBar.tsx';
import { TextFilter } from '../../shell/FilterField.tsx';
import { CreateDialog } from './CreateDialog.tsx';
import { SecretDialog } from './SecretDialog.tsx';
import { webhookStates, webhookTones } from './webhookFacts.ts';

const idOf = ({ id }: WebhookRowFragment) => id;
const readEvery = 15_000;

interface WebhookSearch {
  readonly state: WebhookState | undefined;
  readonly merchant: string | undefined;
}

const webhooksAddress: AddressForm<WebhookSearch> = {
  read: (params) => ({ state: oneOf(webhookStates, params.get('state')), merchant: filled(params.get('merchant')) }),
  write: ({ state, merchant }) => addressOf({ state, merchant }),
};

/** The endpoints that the caller may see: a shop its own. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const { search, change, clear } = useAddress(webhooksAddress);
  const { can } = useConsoleViewer();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string | undefined>(undefined);
  const variables = { filter: { state: search.state ?? null, merchantId: search.merchant ?? null } };
  const { data, error, isFetching, refetch } = useRead(WebhookEndpointsDocument, variables, { key: ['webhooks', variables] });
  const read = () => void client.invalidateQueries({ queryKey: ['webhooks'] });
  usePolling(read, readEvery);
  const rows = data?.webhookEndpoints.nodes;
  const view = useMemo(() => arrayView({ rows, error, refreshing: isFetching }, idOf), [rows, error, isFetching]);
  const unfiltered = search.state === undefined && search.merchant === undefined;
  return (
    <div className="page list-page">
      <PageHeading title={t('nav.webhooks')}>
        {can.manageWebhooks && (
          <Button type="primary" onClick={() => setCreating(true)}>
            {t('webhooks.create')}
          </Button>
        )}
      </PageHeading>
      <ListSection
        grid="webhooks"
        label={t('nav.webhooks')}
        file={t('webhooks.file')}
        columns={useWebhookColumns()}
        view={view}
        idOf={idOf}
        open={({ id }) => void navigate(webhookPath(id))}
        retry={() => void refetch()}
        rows={async () => rows ?? []}
        empty={t(unfiltered ? 'webhooks.empty' : 'webhooks.noMatch')}
      >
        <ChoiceFilter label={t('webhooks.column.state')} value={search.state} options={webhookStates.map((value) => ({ value, label: t(`webhooks.state.${value}`) }))} change={(state) => change({ state })} />
        <TextFilter label={t('merchants.column.id')} value={search.merchant} change={(merchant) => change({ merchant })} />
        <ClearFilters disabled={unfiltered} clear={clear} />
      </ListSection>
      {creating && (
        <CreateDialog
          close={() => setCreating(false)}
          created={(made) => {
            setCreating(false);
            setSecret(made);
            read();
          }}
        />
      )}
      {secret !== undefined && <SecretDialog secret={secret} close={() => setSecret(undefined)} />}
    </div>
  );
}

function useWebhookColumns(): readonly GridColumn<WebhookRowFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return useMemo<readonly GridColumn<WebhookRowFragment>[]>(() => {
    const owner = ({ merchantId }: WebhookRowFragment) => merchantId ?? t('webhooks.platform');
    const types = (row: WebhookRowFragment) => (row.types.length === 0 ? t('webhooks.all') : row.types.join(', '));
    return [
      { id: 'address', title: t('webhooks.column.address'), width: 'minmax(160px, 2fr)', essential: true, cell: ({ id, url }) => (
          <a href={webhookPath(id)} tabIndex={-1} title={url}>
            {url}
          </a>
        ), text: ({ url }) => url },
      { id: 'state', title: t('webhooks.column.state'), width: '110px', essential: true, cell: ({ state }) => <Mark tone={webhookTones[state]}>{t(`webhooks.state.${state}`)}</Mark>, text: ({ state }) => t(`webhooks.state.${state}`) },
      { id: 'waiting', title: t('webhooks.column.waiting'), width: '90px', align: 'end', cell: ({ standing }) => standing.waiting, text: ({ standing }) => String(standing.waiting) },
      { id: 'owner', title: t('webhooks.column.owner'), width: 'minmax(90px, 1fr)', cell: owner, text: owner },
      { id: 'types', title: t('webhooks.column.types'), width: 'minmax(120px, 1.5fr)', cell: (row) => <span title={types(row)}>{types(row)}</span>, text: types },
      { id: 'created', title: t('webhooks.column.created'), width: '176px', cell: ({ createdAt }) => formats.dateTime(createdAt), text: ({ createdAt }) => createdAt, isTime: true },
      { id: 'createdBy', title: t('webhooks.column.createdBy'), width: 'minmax(90px, 1fr)', optional: true, cell: ({ createdBy }) => createdBy, text: ({ createdBy }) => createdBy },
    ];
  }, [t, formats]);
}
