import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { RecordFrame } from '../../console/layout/RecordFrame.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { MerchantRecordQuery, MerchantRowFragment } from '../../gql/graphql.ts';
import { PermissionMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { MerchantTags } from './MerchantTags.tsx';
import { ProposeDialog } from './ProposeDialog.tsx';
import { RevocationItem } from './RevocationItem.tsx';
import { useMerchant } from './useMerchants.ts';
import '../../grid/list.css';

/** One shop: its record, its violations with the revocation by two people, its tags. */
export function MerchantPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { data, error, refetch } = useMerchant(id);
  return (
    <RecordFrame
      back={{ to: '/merchants', label: t('merchants.back') }}
      record={data?.merchant}
      error={error}
      retry={() => void refetch()}
      missing={{ title: t('merchants.notFound'), text: t('merchants.notFoundText', { id }) }}
    >
      {(merchant) => <MerchantBody key={id} merchant={merchant} revocations={data?.revocations ?? []} changed={() => void refetch()} />}
    </RecordFrame>
  );
}

interface MerchantBodyProps {
  readonly merchant: MerchantRowFragment;
  readonly revocations: MerchantRecordQuery['revocations'];
  readonly changed: () => void;
}

function MerchantBody({ merchant, revocations, changed }: MerchantBodyProps) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const [proposing, setProposing] = useState(false);
  const open = revocations.some(({ state }) => state === 'PROPOSED');
  const mayPropose = can.decide && merchant.permission !== 'REVOKED' && !open;
  return (
    <>
      <PageHeading title={merchant.name}>
        <p className="head-facts">
          <PermissionMark permission={merchant.permission} />
          <span className="hint">{merchant.id}</span>
        </p>
      </PageHeading>
      <div className="record-columns">
        <div>
          <Card
            title={t('merchants.violations')}
            extra={
              mayPropose && (
                <Button danger onClick={() => setProposing(true)}>
                  {t('revocation.propose')}
                </Button>
              )
            }
          >
            {revocations.length === 0 && <p className="hint">{t('merchants.noViolations')}</p>}
            <ul className="record-list">
              {revocations.map((revocation) => (
                <RevocationItem key={revocation.id} revocation={revocation} changed={changed} />
              ))}
            </ul>
          </Card>
          <SectionBoundary>
            <MerchantTags merchantId={merchant.id} />
          </SectionBoundary>
        </div>
        <div className="record-side">
          <MerchantRecord merchant={merchant} />
        </div>
      </div>
      {proposing && <ProposeDialog merchantId={merchant.id} proposed={changed} close={() => setProposing(false)} />}
    </>
  );
}

function MerchantRecord({ merchant }: { readonly merchant: MerchantRowFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const overturned = merchant.overturnedCount ?? 0;
  // What was overturned no longer counts as succeeded.
  const ever = merchant.succeededCount + overturned;
  return (
    <Card title={t('merchants.record')}>
      <dl className="facts">
        <dt>{t('merchants.column.entity')}</dt>
        <dd>{merchant.entityId ?? '–'}</dd>
        <dt>{t('merchants.column.tags')}</dt>
        <dd>{formats.number(merchant.tagCount)}</dd>
        <dt>{t('merchants.column.succeeded')}</dt>
        <dd>{formats.number(merchant.succeededCount)}</dd>
        <dt>{t('merchants.column.overturned')}</dt>
        <dd>{formats.number(overturned)}</dd>
        <dt>{t('merchants.overturnRate')}</dt>
        <dd>{ever === 0 ? '–' : formats.percent(overturned / ever)}</dd>
      </dl>
    </Card>
  );
}
