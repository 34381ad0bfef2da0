import { useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { PairFragment } from '../../gql/graphql.ts';
import type { Shop } from './clusters.ts';

const width = 640;
const height = 360;
const radius = { x: 260, y: 156 };
// With more shops every other one stands further in, so that names don't lie over each other.
const mostOnACircle = 10;
const inset = 0.74;
// Two or three shops need no middle.
const fewest = 3;

interface ClusterPictureProps {
  readonly shops: readonly Shop[];
  readonly pairs: readonly PairFragment[];
  readonly chosen: string;
  readonly choose: (id: string) => void;
}

/**
 * Shops on a circle, the one that all others are linked with in its middle, lines between those that are linked, thicker with
 * the accounts in common. Arrow keys go round.
 */
export function ClusterPicture({ shops, pairs, chosen, choose }: ClusterPictureProps) {
  const { t } = useTranslation();
  const group = useRef<HTMLDivElement>(null);
  const places = placesOf(shops, pairs);
  const most = Math.max(1, ...pairs.map(({ commonBuyers }) => commonBuyers));

  function keyDown(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = shops.findIndex(({ id }) => id === chosen);
    const next = shops[(at + by + shops.length) % shops.length];
    if (next === undefined) return;
    choose(next.id);
    group.current?.querySelectorAll('button')[(at + by + shops.length) % shops.length]?.focus();
  }

  return (
    <div ref={group} className="cluster-picture" role="radiogroup" tabIndex={-1} aria-label={t('collusion.choose')} onKeyDown={keyDown}>
      <svg aria-hidden="true" viewBox={`0 0 ${width} ${height}`}>
        {pairs.map(({ a, b, commonBuyers }) => {
          const from = places.get(a.id);
          const to = places.get(b.id);
          if (from === undefined || to === undefined) return null;
          const own = a.id === chosen || b.id === chosen;
          return <line key={`${a.id} ${b.id}`} className={own ? 'is-own' : undefined} x1={from.x} y1={from.y} x2={to.x} y2={to.y} strokeWidth={1 + (5 * commonBuyers) / most} />;
        })}
      </svg>
      {shops.map(({ id, name }) => {
        const place = places.get(id) ?? { x: 0, y: 0 };
        return (
          <button
            key={id}
            type="button"
            role="radio"
            aria-checked={id === chosen}
            tabIndex={id === chosen ? 0 : -1}
            style={{ left: `${(place.x / width) * 100}%`, top: `${(place.y / height) * 100}%` }}
            onClick={() => choose(id)}
          >
            {name}
          </button>
        );
      })}
    </div>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

// The first shop has most links.
function placesOf(shops: readonly Shop[], pairs: readonly PairFragment[]): ReadonlyMap<string, Place> {
  const [first] = shops;
  const links = pairs.filter(({ a, b }) => a.id === first?.id || b.id === first?.id).length;
  const hub = shops.length > fewest && links === shops.length - 1 ? first : undefined;
  const around = shops.filter((shop) => shop !== hub);
  const places = new Map(around.map(({ id }, index) => [id, placeOf(index, around.length)]));
  return hub === undefined ? places : places.set(hub.id, { x: width / 2, y: height / 2 });
}

function placeOf(index: number, count: number): Place {
  const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
  const share = count > mostOnACircle && index % 2 === 1 ? inset : 1;
  return { x: width / 2 + share * radius.x * Math.cos(angle), y: height / 2 + share * radius.y * Math.sin(angle) };
}
