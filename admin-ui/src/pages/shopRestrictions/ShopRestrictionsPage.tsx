import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { addressOf, filled, oneOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import type { RestrictionState } from '../../gql/graphql.ts';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { MoreButton } from '../../shell/MoreButton.tsx';
import { DeskTexts } from '../shop/DeskTexts.tsx';
import { RestrictDialog } from './RestrictDialog.tsx';
import { RestrictionCard } from './RestrictionCard.tsx';
import { useShopRestrictions } from './useShopRestrictions.ts';
import '../shop/desk.css';

const states = ['PENDING_REVIEW', 'ACTIVE', 'DECLINED', 'LIFTED'] as const satisfies readonly RestrictionState[];

interface Search {
  readonly state: RestrictionState | undefined;
  /** The order by which a new restriction is asked for; empty to be filled in. */
  readonly order: string | undefined;
}

const address: AddressForm<Search> = {
  read: (params) => ({ state: oneOf(states, params.get('state')), order: params.has('order') ? (filled(params.get('order')) ?? '') : undefined }),
  write({ state, order }) {
    const params = addressOf({ state });
    if (order !== undefined) params.set('order', order);
    return params;
  },
};

/** The shop's restrictions of buyers: ask for one, see what the platform decided, end one. */
export function ShopRestrictionsPage() {
  return (
    <DeskTexts>
      <Restrictions />
    </DeskTexts>
  );
}

function Restrictions() {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const { search, change } = useAddress(address);
  const { rows, error, retry, more, reading, readAgain } = useShopRestrictions(search.state);
  const close = () => change({ order: undefined });
  return (
    <div className="page">
      <PageHeading title={t('nav.shopRestrictions')}>
        {can.restrictBuyers && (
          <Button type="primary" onClick={() => change({ order: '' })}>
            {t('desk.restrict.title')}
          </Button>
        )}
      </PageHeading>
      <p>{t('desk.restrict.intro')}</p>
      <div className="desk-filters">
        <ChoiceFilter label={t('restrictions.column.state')} value={search.state} options={states.map((value) => ({ value, label: t(`restrictions.state.${value}`) }))} change={(state) => change({ state })} />
      </div>
      {error !== null && <FailureNotice error={error} retry={retry} />}
      <ul className="desk-list" aria-busy={rows === undefined}>
        {rows?.map((restriction) => (
          <RestrictionCard key={restriction.id} restriction={restriction} changed={readAgain} />
        ))}
      </ul>
      {rows?.length === 0 && <p>{t(search.state === undefined ? 'restrictions.empty' : 'restrictions.noMatch')}</p>}
      <MoreButton more={more} reading={reading} />
      {search.order !== undefined && can.restrictBuyers && (
        <RestrictDialog
          orderNo={search.order}
          done={() => {
            close();
            readAgain();
          }}
          close={close}
        />
      )}
    </div>
  );
}
