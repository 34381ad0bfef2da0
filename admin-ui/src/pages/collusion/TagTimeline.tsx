import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { Shop, ShopTag } from './clusters.ts';

const width = 720;
const line = 18;
const name = 110;

interface TagTimelineProps {
  readonly shops: readonly Shop[];
  readonly tags: readonly ShopTag[];
}

/** When each shop tagged: a line a shop, a mark a tag. The table of accounts says the same in words. */
export function TagTimeline({ shops, tags }: TagTimelineProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const times = tags.map(({ submittedAt }) => Date.parse(submittedAt));
  if (times.length === 0) return <p className="hint">{t('list.loading')}</p>;
  const from = Math.min(...times);
  const until = Math.max(from + 1, ...times);
  const x = (at: number) => name + ((at - from) / (until - from)) * (width - name - 10);
  const height = (shops.length + 1) * line + 6;
  const first = formats.date(new Date(from).toISOString());
  const last = formats.date(new Date(until).toISOString());
  return (
    <svg className="tag-timeline" role="img" aria-label={t('collusion.timelineText', { tags: tags.length, from: first, to: last })} viewBox={`0 0 ${width} ${height}`}>
      {shops.map((shop, index) => (
        <g key={shop.id}>
          <text x={0} y={index * line + 13}>
            {shop.name}
          </text>
          <line x1={name} x2={width - 10} y1={index * line + 9} y2={index * line + 9} />
          {tags
            .filter(({ merchant }) => merchant.id === shop.id)
            .map(({ submittedAt, order }) => (
              <rect key={`${order.buyer?.id} ${submittedAt}`} x={x(Date.parse(submittedAt)) - 1} y={index * line + 3} width={3} height={12} />
            ))}
        </g>
      ))}
      <text x={name} y={height - 4}>
        {first}
      </text>
      <text x={width - 10} y={height - 4} textAnchor="end">
        {last}
      </text>
    </svg>
  );
}
