import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { buyerPath, merchantPath } from '../../console/recordPaths.ts';
import { Card } from '../../shell/Card.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';
import { shopAccounts, type NamedShop, type ShopAccounts } from './shopAccounts.ts';
import { useTagsOf } from './useTagsOf.ts';
import '../../grid/list.css';
import './shopsAndAccounts.css';

interface ShopsAndAccountsProps {
  readonly buyerId: string;
  /** Those that tagged the account. */
  readonly shops: readonly NamedShop[];
}

/** Who tagged an account, and which other accounts the same shops tagged: as a small picture, and as a table. Nothing for one shop. */
export function ShopsAndAccounts({ buyerId, shops }: ShopsAndAccountsProps) {
  const { t } = useTranslation();
  const [place, seen] = useSeen();
  const { tags, ready } = useTagsOf(shopAccounts(buyerId, shops, []).shops, seen);
  const shown = shopAccounts(buyerId, shops, tags);
  if (shown.shops.length < 2) return null;
  return (
    <Card title={t('collusion.shopsAndAccounts')}>
      <div ref={place} className="shops-accounts">
        <Picture shown={shown} />
        <p className="hint" aria-live="polite">{!ready ? t('list.loading') : shown.others === 0 ? t('collusion.noOthers') : t('collusion.others', { count: shown.others })}</p>
        <details>
          <summary>{t('chart.table')}</summary>
          <PictureTable shown={shown} />
        </details>
      </div>
    </Card>
  );
}

const rowHeight = 26;
const width = 460;
const left = 150;
const right = 300;

// Both columns hang in the middle of the higher one.
function Picture({ shown: { shops, accounts } }: { readonly shown: ShopAccounts }) {
  const height = rowHeight * Math.max(shops.length, accounts.length);
  const rowAt = (index: number, count: number) => height / 2 + (index - (count - 1) / 2) * rowHeight;
  const shopAt = new Map(shops.map(({ id }, index) => [id, rowAt(index, shops.length)]));
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${width} ${height}`}>
      {accounts.map(({ buyerId, shops: linked }, index) =>
        [...linked].map((id) => <line key={`${buyerId} ${id}`} className={index === 0 ? 'is-own' : undefined} x1={left} x2={right} y1={shopAt.get(id) ?? 0} y2={rowAt(index, accounts.length)} />),
      )}
      {shops.map(({ id, name }) => (
        <g key={id}>
          <circle cx={left} cy={shopAt.get(id)} r={5} />
          <text x={left - 12} y={shopAt.get(id)} textAnchor="end">
            {cut(name)}
          </text>
        </g>
      ))}
      {accounts.map(({ buyerId }, index) => (
        <g key={buyerId} className={index === 0 ? 'is-own' : undefined}>
          <circle cx={right} cy={rowAt(index, accounts.length)} r={5} />
          <text x={right + 12} y={rowAt(index, accounts.length)}>
            {cut(buyerId)}
          </text>
        </g>
      ))}
    </svg>
  );
}

// The table has names whole.
const longest = 16;
function cut(name: string): string {
  return name.length > longest ? `${name.slice(0, longest - 1)}…` : name;
}

function PictureTable({ shown: { shops, accounts } }: { readonly shown: ShopAccounts }) {
  const { t } = useTranslation();
  return (
    <ScrollRegion className="compare" label={t('collusion.shopsAndAccounts')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('queue.column.buyer')}</th>
            {shops.map(({ id, name }) => (
              <th key={id} scope="col">
                <Link to={merchantPath(id)}>{name}</Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ buyerId, shops: linked }) => (
            <tr key={buyerId}>
              <th scope="row">
                <Link to={buyerPath(buyerId)}>{buyerId}</Link>
              </th>
              {shops.map(({ id }) => (
                <td key={id}>{linked.has(id) ? t('collusion.tagged') : '–'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

// What is below the fold is read when it comes into sight, or nearly.
function useSeen() {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (place.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setSeen(true), { rootMargin: '200px' });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return [place, seen] as const;
}
