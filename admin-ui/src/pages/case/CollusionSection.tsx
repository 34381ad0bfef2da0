import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { merchantPath } from '../../console/recordPaths.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { CaseDetail } from './useCase.ts';

/** Why votes alone do not confirm the case, and what speaks for collusion, each with its evidence. Nothing where there is none. */
export function CollusionSection({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const { signals, explanation, state, handling, decision } = shown;
  const restsOnLinked = signals.linkedPairs.length > 0 && state === 'CONFIRMED' && handling === 'PENDING' && decision?.automatic === true;
  if (signals.burst === null && signals.linkedPairs.length === 0 && signals.shops.length === 0 && explanation.onHold.length === 0) return null;
  const together = signals.burst !== null || signals.linkedPairs.length > 0;
  const title = explanation.onHold.length > 0 ? 'collusion.held' : together ? 'collusion.title' : 'collusion.shopsTitle';
  return (
    <section className="card collusion" aria-labelledby="collusion">
      <h2 id="collusion">{t(title)}</h2>
      {explanation.onHold.map(({ code, label }) => (
        <p key={code}>{label}</p>
      ))}
      {restsOnLinked && <p>{t('collusion.offered')}</p>}
      <ul>
        {signals.linkedPairs.map((pair) => (
          <PairItem key={`${pair.a.id} ${pair.b.id}`} pair={pair} />
        ))}
        {signals.burst !== null && <BurstItem burst={signals.burst} />}
        {signals.shops.flatMap((shop) => (shop.record?.signals ?? []).map(({ kind, text }) => <ShopSignalItem key={`${shop.id} ${kind}`} shop={shop} text={text} />))}
      </ul>
    </section>
  );
}

type Pair = CaseDetail['signals']['linkedPairs'][number];

export function PairItem({ pair }: { readonly pair: Pair }) {
  const formats = useFormats();
  const { a, b, commonBuyers, buyersOfA, buyersOfB, lift } = pair;
  return (
    <li>
      <Trans
        i18nKey="collusion.pair"
        values={{ common: commonBuyers, ofA: buyersOfA, ofB: buyersOfB, lift: formats.number(Math.round(lift)) }}
        components={{ a: <Link to={merchantPath(a.id)}>{a.name}</Link>, b: <Link to={merchantPath(b.id)}>{b.name}</Link> }}
      />
    </li>
  );
}

function ShopSignalItem({ shop, text }: { readonly shop: { readonly id: string; readonly name: string }; readonly text: string }) {
  return (
    <li>
      <Trans i18nKey="collusion.shop" values={{ text }} components={{ shop: <Link to={merchantPath(shop.id)}>{shop.name}</Link> }} />
    </li>
  );
}

function BurstItem({ burst }: { readonly burst: NonNullable<CaseDetail['signals']['burst']> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const span = formats.duration(Date.parse(burst.to) - Date.parse(burst.from));
  return <li>{t('collusion.burst', { count: burst.entities, span, from: formats.dateTime(burst.from), to: formats.dateTime(burst.to) })}</li>;
}
