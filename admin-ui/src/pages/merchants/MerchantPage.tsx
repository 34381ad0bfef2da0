import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { RecordFrame } from '../../console/layout/RecordFrame.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import type { Pages } from '../../data/usePages.ts';
import type { MerchantDetailFragment, RevocationRowFragment } from '../../gql/graphql.ts';
import { PermissionMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { MoreButton } from '../../shell/MoreButton.tsx';
import { MerchantTags } from './MerchantTags.tsx';
import { ProposeDialog } from './ProposeDialog.tsx';
import { ReportedAccounts } from './ReportedAccounts.tsx';
import { RevocationItem } from './RevocationItem.tsx';
import { ShopRecordCard } from './ShopRecordCard.tsx';
import { useMerchant } from './useMerchants.ts';
import { VettingCard } from './VettingCard.tsx';
import '../../grid/list.css';
import './merchants.css';

/** One shop: its record and what it rests on, vouching and revocation by two people, its tags. */
export function MerchantPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { record, revocations } = useMerchant(id);
  const { data, error, refetch } = record;
  return (
    <RecordFrame
      back={{ to: '/merchants', label: t('merchants.back') }}
      record={data?.merchant}
      error={error}
      retry={() => void refetch()}
      missing={{ title: t('merchants.notFound'), text: t('merchants.notFoundText', { id }) }}
    >
      {(merchant) => (
        <MerchantBody
          key={id}
          merchant={merchant}
          revocations={revocations}
          changed={() => {
            void refetch();
            revocations.retry();
          }}
        />
      )}
    </RecordFrame>
  );
}

interface MerchantBodyProps {
  readonly merchant: MerchantDetailFragment;
  readonly revocations: Pages<RevocationRowFragment>;
  readonly changed: () => void;
}

function MerchantBody({ merchant, revocations, changed }: MerchantBodyProps) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const [proposing, setProposing] = useState(false);
  const { rows, error, retry, more, reading } = revocations;
  // One that is open comes first.
  const mayPropose = can.decide && merchant.permission !== 'REVOKED' && rows !== undefined && rows[0]?.state !== 'PROPOSED';
  return (
    <>
      <PageHeading title={merchant.name}>
        <p className="head-facts">
          <PermissionMark permission={merchant.permission} />
          <span className="hint">{merchant.id}</span>
        </p>
      </PageHeading>
      <div className="record-columns merchant-columns">
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
            {error !== null && <FailureNotice error={error} retry={retry} />}
            {rows?.length === 0 && <p className="hint">{t('merchants.noViolations')}</p>}
            <ul className="record-list">
              {rows?.map((revocation) => (
                <RevocationItem key={revocation.id} revocation={revocation} changed={changed} />
              ))}
            </ul>
            <MoreButton more={more} reading={reading} />
          </Card>
          <SectionBoundary>
            <ReportedAccounts merchantId={merchant.id} />
          </SectionBoundary>
          <SectionBoundary>
            <MerchantTags merchantId={merchant.id} />
          </SectionBoundary>
        </div>
        <div className="record-side">
          <ShopRecordCard merchant={merchant} />
          <SectionBoundary>
            <VettingCard merchant={merchant} changed={changed} />
          </SectionBoundary>
        </div>
      </div>
      {proposing && <ProposeDialog merchantId={merchant.id} proposed={changed} close={() => setProposing(false)} />}
    </>
  );
}
