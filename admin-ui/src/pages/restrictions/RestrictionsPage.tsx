import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { addressOf, filled, oneOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useFormats } from '../../format/useFormats.ts';
import { useNow } from '../../format/useNow.ts';
import type { RestrictionRowFragment, RestrictionState } from '../../gql/graphql.ts';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { ListSection } from '../../grid/ListSection.tsx';
import { DueText, Mark } from '../../review/marks.tsx';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { ClearFilters } from '../../shell/FilterBar.tsx';
import { TextFilter } from '../../shell/FilterField.tsx';
import { RestrictionDialog } from './RestrictionDialog.tsx';
import { restrictionTones, useRestrictionList, type RestrictionSelection } from './useRestrictions.ts';

const states = ['PENDING_REVIEW', 'ACTIVE', 'DECLINED', 'LIFTED'] as const satisfies readonly RestrictionState[];
const idOf = ({ id }: RestrictionRowFragment) => id;

interface RestrictionSearch extends RestrictionSelection {
  /** The restriction that is open. */
  readonly open: string | undefined;
}

const restrictionsAddress: AddressForm<RestrictionSearch> = {
  read: (params) => ({
    state: oneOf(states, params.get('state')),
    buyer: filled(params.get('buyer')),
    merchant: filled(params.get('merchant')),
    open: filled(params.get('open')),
  }),
  write: ({ state, buyer, merchant, open }) => addressOf({ state, buyer, merchant, open }),
};

/** What shops asked to keep buyers from, those that the platform has to review first. */
export function RestrictionsPage() {
  const { t } = useTranslation();
  const { search, change, clear } = useAddress(restrictionsAddress);
  const { state, buyer: buyerId, merchant: merchantId, open: opened } = search;
  const { list, view, all } = useRestrictionList(search);
  const columns = useRestrictionColumns();
  const unfiltered = state === undefined && buyerId === undefined && merchantId === undefined;
  return (
    <div className="page list-page">
      <PageHeading title={t('nav.restrictions')} />
      <ListSection
        grid="restrictions"
        label={t('nav.restrictions')}
        file={t('restrictions.file')}
        columns={columns}
        view={view}
        idOf={idOf}
        open={({ id }) => change({ open: id })}
        retry={() => list.retry()}
        rows={all}
        inSight={(first, last) => list.inSight(first, last)}
        dropGone={(first, last) => list.dropGone(first, last)}
        empty={t(unfiltered ? 'restrictions.empty' : 'restrictions.noMatch')}
      >
        <TextFilter label={t('restrictions.column.buyer')} value={buyerId} change={(buyer) => change({ buyer })} />
        <TextFilter label={t('merchants.column.id')} value={merchantId} change={(merchant) => change({ merchant })} />
        <ChoiceFilter label={t('restrictions.column.state')} value={state} options={states.map((value) => ({ value, label: t(`restrictions.state.${value}`) }))} change={(value) => change({ state: value })} />
        <ClearFilters disabled={unfiltered} clear={clear} />
      </ListSection>
      {opened !== undefined && <RestrictionDialog key={opened} id={opened} close={() => change({ open: undefined })} />}
    </div>
  );
}

function useRestrictionColumns(): readonly GridColumn<RestrictionRowFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  return useMemo<readonly GridColumn<RestrictionRowFragment>[]>(() => {
    const modes = (row: RestrictionRowFragment) => formats.list(row.modes.map((mode) => t(`restrictions.mode.${mode}`)));
    return [
      {
        id: 'due',
        title: t('restrictions.column.due'),
        width: '150px',
        essential: true,
        cell: ({ state, decideBy }) => (state === 'PENDING_REVIEW' ? <DueText dueAt={decideBy} now={now} formats={formats} t={t} /> : <span className="muted">{t('restrictions.done')}</span>),
        text: ({ decideBy }) => decideBy,
      },
      { id: 'merchant', title: t('restrictions.column.merchant'), width: 'minmax(110px, 1.2fr)', essential: true, cell: ({ id, merchant }) => (
          <a href={`/restrictions?open=${encodeURIComponent(id)}`} tabIndex={-1} title={merchant.name}>
            {merchant.name}
          </a>
        ), text: ({ merchant }) => merchant.name },
      { id: 'buyer', title: t('restrictions.column.buyer'), width: 'minmax(100px, 1fr)', cell: ({ buyerId }) => buyerId, text: ({ buyerId }) => buyerId },
      { id: 'modes', title: t('restrictions.column.modes'), width: 'minmax(150px, 2fr)', cell: (row) => <span title={modes(row)}>{modes(row)}</span>, text: modes },
      { id: 'state', title: t('restrictions.column.state'), width: '110px', essential: true, cell: ({ state }) => <Mark tone={restrictionTones[state]}>{t(`restrictions.state.${state}`)}</Mark>, text: ({ state }) => t(`restrictions.state.${state}`) },
      { id: 'requested', title: t('restrictions.column.requested'), width: dateTimeWidth, cell: ({ requestedAt }) => formats.dateTime(requestedAt), text: ({ requestedAt }) => requestedAt, isTime: true },
      { id: 'decidedBy', title: t('restrictions.column.decidedBy'), width: 'minmax(90px, 1fr)', optional: true, cell: ({ decidedBy }) => decidedBy ?? '', text: ({ decidedBy }) => decidedBy ?? '' },
      { id: 'order', title: t('restrictions.column.order'), width: 'minmax(100px, 1fr)', optional: true, cell: ({ orderNo }) => orderNo, text: ({ orderNo }) => orderNo },
    ];
  }, [t, formats, now]);
}
