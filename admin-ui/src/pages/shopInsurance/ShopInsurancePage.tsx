import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { useAsk } from '../../data/AskContext.ts';
import { usePages, type Pages } from '../../data/usePages.ts';
import { usePolling } from '../../data/usePolling.ts';
import { useFormats } from '../../format/useFormats.ts';
import { ShopInsuranceDocument, type FreightInsuranceAnswer, type ShopInsuranceQuery } from '../../gql/graphql.ts';
import { pageSize } from '../../list/listRoom.ts';
import { Mark } from '../../review/marks.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { MoreButton } from '../../shell/MoreButton.tsx';
import { DeskTexts } from '../shop/DeskTexts.tsx';
import { TagMark } from '../shop/TagMark.tsx';
import '../shop/desk.css';

type InsuredTag = ShopInsuranceQuery['tags']['nodes'][number];

const tones: Record<FreightInsuranceAnswer, 'plain' | 'good' | 'warn'> = { PAY: 'plain', REFUSE: 'good', AWAIT_COMPLAINT: 'warn' };
const readEvery = 60_000;

/** What the insurer was answered about the orders that the shop tagged, with the grounds. */
export function ShopInsurancePage() {
  return (
    <DeskTexts>
      <Insurance />
    </DeskTexts>
  );
}

function Insurance() {
  const { t } = useTranslation();
  const { rows, error, retry, more, reading } = useInsuredTags();
  return (
    <div className="page">
      <PageHeading title={t('nav.shopInsurance')} />
      <p>{t('desk.insurance.intro')}</p>
      {error !== null && <FailureNotice error={error} retry={retry} />}
      <ul className="desk-list" aria-busy={rows === undefined}>
        {rows?.map((tag) => (
          <InsuranceEntry key={tag.orderNo} tag={tag} />
        ))}
      </ul>
      {rows?.length === 0 && <p>{t('desk.insurance.empty')}</p>}
      <MoreButton more={more} reading={reading} />
    </div>
  );
}

function InsuranceEntry({ tag }: { readonly tag: InsuredTag }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { freightInsured, freightInsurance: given } = tag.order;
  return (
    <li className="desk-entry">
      <div className="head-facts">
        <strong>{t('shop.tags.one', { orderNo: tag.orderNo })}</strong>
        <TagMark tag={tag} />
        {given !== null && <Mark tone={tones[given.answer]}>{t(`buyers.answer.${given.answer}`)}</Mark>}
      </div>
      {given === null ? (
        <p className="muted">{t(freightInsured ? 'desk.insurance.notAsked' : 'desk.insurance.notInsured')}</p>
      ) : (
        <p>
          {given.grounds} <span className="muted">{t('desk.insurance.given', { at: formats.dateTime(given.decidedAt) })}</span>
        </p>
      )}
    </li>
  );
}

function useInsuredTags(): Pages<InsuredTag> {
  const ask = useAsk();
  const client = useQueryClient();
  usePolling(() => void client.invalidateQueries({ queryKey: ['shopInsurance'] }), readEvery);
  return usePages(['shopInsurance'], async (after, signal) => {
    const { tags } = await ask(ShopInsuranceDocument, { first: pageSize, after }, signal);
    return tags;
  });
}
