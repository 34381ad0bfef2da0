import { useQueryClient } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { ShopFiguresDocument } from '../../gql/graphql.ts';
import { PermissionMark } from '../../review/marks.tsx';
import { MyTags, useStatusFilter } from './MyTags.tsx';
import { SubmitForm } from './SubmitForm.tsx';
import { useShopTags } from './useShopTags.ts';
import './shop.css';

/** A merchant's page: tag orders, and see what became of the tags. */
export function ShopPage() {
  const { t } = useTranslation();
  const { can, merchant } = useConsoleViewer();
  const client = useQueryClient();
  const [status] = useStatusFilter();
  const tags = useShopTags(status);

  function submitted(): void {
    void tags.list.reload().catch(() => undefined);
    void client.invalidateQueries({ queryKey: ['shop'] });
  }

  return (
    <div className="page shop-page">
      <PageHeading title={t('nav.shop')}>{merchant !== null && <ShopFigures id={merchant.id} />}</PageHeading>
      <Alert className="meaning" type="info" showIcon title={t('shop.markFailedTitle')} description={t('shop.markFailedMeaning')} />
      {can.submitTags ? (
        <SectionBoundary>
          <SubmitForm submitted={submitted} />
        </SectionBoundary>
      ) : (
        merchant !== null && <Alert type="warning" showIcon title={t(`shop.notAllowed.${merchant.permission}`)} />
      )}
      <SectionBoundary>
        <MyTags tags={tags} />
      </SectionBoundary>
    </div>
  );
}

function ShopFigures({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data } = useRead(ShopFiguresDocument, { id }, { key: ['shop', id] });
  const shop = data?.merchant;
  if (shop === undefined || shop === null) return null;
  return (
    <p className="head-facts">
      <strong>{shop.name}</strong>
      <PermissionMark permission={shop.permission} />
      <span>{t('shop.figures', { tags: formats.number(shop.tagCount), succeeded: formats.number(shop.succeededCount) })}</span>
    </p>
  );
}
