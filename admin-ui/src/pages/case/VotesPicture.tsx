import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { useNow } from '../../format/useNow.ts';
import type { CaseDetail } from './useCase.ts';
import { layOutVotes, type Picture, type PictureVote } from './votesPicture.ts';

const height = 120;
const margin = { top: 18, right: 12, bottom: 26, left: 30 };

/** The votes of a case over its window, with the threshold and the next expiry. The facts beside it say the same in words. */
export function VotesPicture({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  const { ref, width } = useWidth();
  const { explanation } = shown;
  const picture = layOutVotes({
    windowStart: Date.parse(explanation.windowStart),
    now,
    threshold: explanation.threshold,
    votes: votesOf(shown),
    nextExpiryAt: explanation.nextExpiryAt === null ? undefined : Date.parse(explanation.nextExpiryAt),
  });
  const summary = t('explain.picture', {
    count: explanation.count,
    threshold: explanation.threshold,
    from: formats.date(explanation.windowStart),
    expiry: explanation.nextExpiryAt === null ? '–' : formats.date(explanation.nextExpiryAt),
  });
  return (
    <div ref={ref} className="votes-picture">
      {width > 0 && (
        <svg role="img" aria-label={summary} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
          <Drawing picture={picture} width={width} threshold={explanation.threshold} />
        </svg>
      )}
    </div>
  );
}

interface DrawingProps {
  readonly picture: Picture;
  readonly width: number;
  readonly threshold: number;
}

function Drawing({ picture, width, threshold }: DrawingProps) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const x = (place: number) => margin.left + place * (width - margin.left - margin.right);
  const y = (votes: number) => height - margin.bottom - (votes / picture.top) * (height - margin.top - margin.bottom);
  const line = (points: Picture['past']) => points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ');
  const month = new Intl.DateTimeFormat(i18n.language, { month: 'short' });
  const everyOther = width < 480 ? 2 : 1;
  return (
    <>
      <rect className="vp-window" x={x(picture.windowFrom)} y={margin.top} width={x(picture.now) - x(picture.windowFrom)} height={height - margin.top - margin.bottom} />
      <line className="vp-axis" x1={margin.left} x2={width - margin.right} y1={y(0)} y2={y(0)} />
      {picture.months.map(({ at, x: place }, index) => (
        <g key={at}>
          <line className="vp-axis" x1={x(place)} x2={x(place)} y1={y(0)} y2={y(0) + 4} />
          {index % everyOther === 0 && (
            <text x={x(place)} y={height - 8} textAnchor="middle">
              {month.format(at)}
            </text>
          )}
        </g>
      ))}
      {Array.from({ length: picture.top }, (_, votes) => (
        <text key={votes} x={margin.left - 8} y={y(votes) + 4} textAnchor="end">
          {votes}
        </text>
      ))}
      <line className="vp-threshold" x1={margin.left} x2={width - margin.right} y1={y(threshold)} y2={y(threshold)} />
      <text className="vp-strong" x={margin.left + 4} y={y(threshold) - 6}>
        {t('explain.threshold')} {threshold}
      </text>
      <polyline className="vp-line" points={line(picture.past)} />
      <polyline className="vp-line is-future" points={line(picture.future)} />
      <line className="vp-now" x1={x(picture.now)} x2={x(picture.now)} y1={margin.top} y2={y(0)} />
      <text className="vp-strong" x={x(picture.now)} y={margin.top - 6} textAnchor="middle">
        {t('explain.now')}
      </text>
      {picture.nextExpiry !== undefined && (
        <>
          <line className="vp-expiry" x1={x(picture.nextExpiry)} x2={x(picture.nextExpiry)} y1={margin.top + 14} y2={y(0)} />
          <text x={Math.min(x(picture.nextExpiry), width - margin.right - 30)} y={margin.top + 8} textAnchor="middle">
            {t('explain.nextExpiryShort')}
          </text>
        </>
      )}
      {picture.dots.map((dot) => (
        <circle key={dot.entityId} className="vp-dot" cx={x(dot.x)} cy={y(dot.y)} r={5}>
          <title>{`${dot.entityId} · ${formats.dateTime(new Date(dot.at).toISOString())}`}</title>
        </circle>
      ))}
    </>
  );
}

// When each party's vote began: at the first of its tags that counts. Without that tag at hand (there are very many), at its latest.
function votesOf({ explanation, tags }: CaseDetail): readonly PictureVote[] {
  const windowStart = Date.parse(explanation.windowStart);
  return explanation.votes.map(({ entityId, lastTagAt }) => {
    const times = tags.nodes
      .filter(({ merchant, status }) => (merchant.entityId ?? merchant.id) === entityId && (status === 'ACCUMULATING' || status === 'SUCCEEDED'))
      .map(({ submittedAt }) => Date.parse(submittedAt))
      .filter((at) => at > windowStart);
    const lastAt = Date.parse(lastTagAt);
    return { entityId, firstAt: Math.min(lastAt, ...times), lastAt };
  });
}

function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (ref.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
