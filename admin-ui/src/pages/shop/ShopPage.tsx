import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { useAddress } from '../../console/useAddress.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useFormats } from '../../format/useFormats.ts';
import { PermissionMark } from '../../review/marks.tsx';
import { DeskTexts } from './DeskTexts.tsx';
import { DigestNotice } from './DigestNotice.tsx';
import { FirstVisit, useGuide } from './FirstVisit.tsx';
import { MyTags } from './MyTags.tsx';
import { SubmitForm } from './SubmitForm.tsx';
import type { NewsStatus } from './tagNews.ts';
import { tagAddress } from './tagSearch.ts';
import { useDesk, type Desk } from './useDesk.ts';
import { useTagNotices } from './useTagNotices.tsx';
import './shop.css';

/** A merchant's page: tag orders, and see what became of the tags. */
export function ShopPage() {
  const { merchant } = useConsoleViewer();
  return merchant === null ? null : (
    <DeskTexts>
      <ShopDesk merchantId={merchant.id} />
    </DeskTexts>
  );
}

function ShopDesk({ merchantId }: { readonly merchantId: string }) {
  const { t } = useTranslation();
  const { can, merchant } = useConsoleViewer();
  const guide = useGuide(merchantId);
  const address = useAddress(tagAddress);
  const show = (status: NewsStatus) => {
    address.change({ ...tagAddress.read(new URLSearchParams()), status, sort: 'STATUS_CHANGED_AT_DESC' });
    document.getElementById('my-tags')?.scrollIntoView();
  };
  const [notify, notices] = useTagNotices(show);
  const desk = useDesk(merchantId, address.search, notify);

  return (
    <div className="page shop-page">
      {notices}
      <PageHeading title={t('nav.shop')}>
        {desk.shop !== undefined && <ShopFigures shop={desk.shop} />}
        {!guide.open && (
          <Button type="link" size="small" onClick={guide.show}>
            {t('shop.guide.title')}
          </Button>
        )}
      </PageHeading>
      {desk.digest !== undefined && <DigestNotice digest={desk.digest} show={show} />}
      {guide.open && <FirstVisit putAway={guide.putAway} />}
      {can.submitTags ? (
        <SectionBoundary>
          <SubmitForm merchantId={merchantId} desk={desk} />
        </SectionBoundary>
      ) : (
        merchant !== null && <Alert type="warning" showIcon title={t(`shop.notAllowed.${merchant.permission}`)} />
      )}
      <SectionBoundary>
        <div id="my-tags">
          <MyTags address={address} tags={desk.tags} />
        </div>
      </SectionBoundary>
    </div>
  );
}

function ShopFigures({ shop }: { readonly shop: NonNullable<Desk['shop']> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <p className="head-facts" aria-live="polite">
      <strong>{shop.name}</strong>
      <PermissionMark permission={shop.permission} />
      <span>{t('shop.figures', { tags: formats.number(shop.tagCount), succeeded: formats.number(shop.succeededCount) })}</span>
    </p>
  );
}
