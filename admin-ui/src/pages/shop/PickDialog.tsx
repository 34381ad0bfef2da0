import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { usePages } from '../../data/usePages.ts';
import { useZone } from '../../format/ZoneContext.ts';
import { zoneMidnight } from '../../format/zoneDay.ts';
import { useFormats } from '../../format/useFormats.ts';
import { ShopUntaggedOrdersDocument, type ReportOutcome, type ShopUntaggedOrdersQuery } from '../../gql/graphql.ts';
import { pageSize } from '../../list/listRoom.ts';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { DayField, ZoneNote } from '../../shell/DayField.tsx';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { TextFilter } from '../../shell/FilterField.tsx';
import { MoreButton } from '../../shell/MoreButton.tsx';
import { untaggedOrders } from './useDesk.ts';

type PickedOrder = ShopUntaggedOrdersQuery['untaggedOrders']['nodes'][number];

const outcomes = ['REJECTED', 'INSUFFICIENT_EVIDENCE', 'PENDING', 'APPROVED', 'NONE'] as const satisfies readonly ReportOutcome[];

interface Search {
  readonly number: string | undefined;
  readonly outcome: ReportOutcome | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

interface PickDialogProps {
  readonly take: (orderNos: readonly string[]) => void;
  readonly close: () => void;
}

/** Picks orders of the shop that are not tagged yet. */
export function PickDialog({ take, close }: PickDialogProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [search, setSearch] = useState<Search>({ number: undefined, outcome: undefined, from: undefined, to: undefined });
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const orders = useUntaggedOrders(search);
  const change = (changes: Partial<Search>) => setSearch({ ...search, ...changes });
  const shown = orders.rows ?? [];
  const allPicked = shown.length > 0 && shown.every(({ orderNo }) => picked.has(orderNo));

  function toggle(orderNos: readonly string[], on: boolean): void {
    const next = new Set(picked);
    for (const orderNo of orderNos) {
      if (on) next.add(orderNo);
      else next.delete(orderNo);
    }
    setPicked(next);
  }

  return (
    <Dialog
      open
      title={t('shop.pick.title')}
      close={close}
      width={760}
      footer={
        <>
          <Button onClick={close}>{t('shop.file.cancel')}</Button>
          <Button type="primary" disabled={picked.size === 0} onClick={() => take([...picked])}>
            {t('shop.pick.take', { number: formats.number(picked.size) })}
          </Button>
        </>
      }
    >
      <div className="pick-filters">
        <TextFilter label={t('shop.pick.number')} value={search.number} change={(number) => change({ number })} />
        <ChoiceFilter
          label={t('shop.pick.outcome')}
          value={search.outcome}
          options={outcomes.map((value) => ({ value, label: t(`reportOutcome.${value}`) }))}
          change={(outcome) => change({ outcome })}
        />
        <DayField label={t('shop.pick.from')} value={search.from} change={(from) => change({ from })} />
        <DayField label={t('shop.pick.to')} value={search.to} change={(to) => change({ to })} />
        <ZoneNote />
      </div>
      {orders.error !== null && <FailureNotice error={orders.error} retry={orders.retry} />}
      {shown.length > 0 && (
        <Checkbox className="pick-all" checked={allPicked} onChange={({ target }) => toggle(shown.map(({ orderNo }) => orderNo), target.checked)}>
          {t('shop.pick.all', { number: formats.number(shown.length) })}
        </Checkbox>
      )}
      <ul className="pick-list" aria-label={t('shop.pick.title')} aria-busy={orders.rows === undefined}>
        {shown.map((order) => (
          <li key={order.orderNo}>
            <Checkbox checked={picked.has(order.orderNo)} onChange={({ target }) => toggle([order.orderNo], target.checked)}>
              <OrderLine order={order} />
            </Checkbox>
          </li>
        ))}
      </ul>
      {orders.rows?.length === 0 && <p>{t(orders.more === undefined ? 'shop.pick.none' : 'shop.pick.noneYet')}</p>}
      <MoreButton more={orders.more} reading={orders.reading} />
    </Dialog>
  );
}

function OrderLine({ order }: { readonly order: PickedOrder }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <span className="pick-order">
      <strong>{order.orderNo}</strong>
      <span>{formats.dateTime(order.placedAt)}</span>
      <span>{formats.money(order.amountCents, order.currency)}</span>
      <span className="muted">{t(`reportOutcome.${order.reportOutcome}`)}</span>
    </span>
  );
}

function useUntaggedOrders({ number, outcome, from, to }: Search) {
  const ask = useAsk();
  const zone = useZone();
  const filter = {
    search: number ?? null,
    reportOutcome: outcome === undefined ? null : [outcome],
    // The API leaves out the very moments that it is given.
    placedAfter: from === undefined ? null : new Date(zoneMidnight(from, zone) - 1).toISOString(),
    placedBefore: to === undefined ? null : new Date(zoneMidnight(to, zone, 1)).toISOString(),
  };
  return usePages([...untaggedOrders, JSON.stringify(filter)], async (after, signal) => {
    const { untaggedOrders: page } = await ask(ShopUntaggedOrdersDocument, { filter, first: pageSize, after }, signal);
    return page;
  });
}
