import { Button, notification } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { newsOf, type NewsStatus, type TagChange } from './tagNews.ts';

const shownFor = 12;
const namedOrders = 3;

/** Notifies of tags whose status changed: one notice per status, which counts on while it is open. Returns the place of the notices, too. */
export function useTagNotices(show: (status: NewsStatus) => void): readonly [notify: (changes: readonly TagChange[]) => void, place: ReactNode] {
  const { t } = useTranslation();
  const formats = useFormats();
  const [notices, place] = notification.useNotification();
  const shown = useRef(new Map<NewsStatus, ReadonlySet<string>>());
  useEffect(() => {
    const statuses = shown.current;
    return () => {
      for (const status of statuses.keys()) notices.destroy(status);
    };
  }, [notices]);

  function notify(changes: readonly TagChange[]): void {
    for (const [status, news] of newsOf(changes)) {
      const orders = new Set([...(shown.current.get(status) ?? []), ...news]);
      shown.current.set(status, orders);
      const named = formats.list([...orders].slice(0, namedOrders));
      notices.open({
        key: status,
        type: status === 'SUCCEEDED' ? 'success' : 'info',
        role: 'status',
        // The form and what was just pasted stay in sight.
        placement: 'bottomRight',
        duration: shownFor,
        title: t(`shop.news.${status}`, { number: formats.number(orders.size) }),
        description: orders.size > namedOrders ? t('shop.news.andMore', { orders: named }) : named,
        actions: (
          <Button
            size="small"
            onClick={() => {
              notices.destroy(status);
              show(status);
            }}
          >
            {t('shop.news.show')}
          </Button>
        ),
        onClose: () => shown.current.delete(status),
      });
    }
  }
  return [notify, place];
}
