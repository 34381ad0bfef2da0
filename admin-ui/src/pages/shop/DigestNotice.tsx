import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { newsStatuses, type NewsStatus } from './tagNews.ts';
import { mostNews, type Digest } from './useDesk.ts';

interface DigestNoticeProps {
  readonly digest: Digest;
  readonly show: (status: NewsStatus) => void;
}

/** What became of the shop's tags since the last visit. */
export function DigestNotice({ digest: { since, counts, putAway }, show }: DigestNoticeProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const news = newsStatuses.flatMap((status) => {
    const count = counts[status];
    return count === undefined ? [] : [{ status, count }];
  });
  const full = news.reduce((sum, { count }) => sum + count, 0) >= mostNews;
  return (
    <Alert
      className="digest"
      type={counts.SUCCEEDED === undefined ? 'info' : 'success'}
      showIcon
      title={t('shop.digest.title', { since: formats.dateTime(since) })}
      description={
        <>
          <ul className="digest-counts">
            {news.map(({ status, count }) => (
              <li key={status}>
                <Button type="link" size="small" onClick={() => show(status)}>
                  {t(`shop.news.${status}`, { number: formats.number(count) })}
                </Button>
              </li>
            ))}
          </ul>
          {full && <p className="hint">{t('shop.digest.full', { most: mostNews })}</p>}
        </>
      }
      action={
        <Button size="small" onClick={putAway}>
          {t('shop.digest.putAway')}
        </Button>
      }
    />
  );
}
