import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { merchantPath } from '../../console/recordPaths.ts';
import { useAsk } from '../../data/AskContext.ts';
import { noRows, usePages } from '../../data/usePages.ts';
import { useFormats } from '../../format/useFormats.ts';
import { BuyerTagsDocument, type BuyerTagFragment } from '../../gql/graphql.ts';
import { StatusMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { MoreButton } from '../../shell/MoreButton.tsx';
import { InsuranceAnswer } from './InsuranceAnswer.tsx';

interface BuyerTagsProps {
  readonly id: string;
  readonly total: number;
}

/** The tags on an account's orders, as many as one likes to read. */
export function BuyerTags({ id, total }: BuyerTagsProps) {
  const { t } = useTranslation();
  const { rows: tags, error, retry, more, reading } = useBuyerTags(id);
  return (
    <Card title={t('buyers.tags')} extra={<span className="hint">{tags !== undefined && t('case.tagCount', { count: tags.length, total })}</span>}>
      {error !== null && <FailureNotice error={error} retry={retry} />}
      {tags === undefined && error === null && <div className="skeleton is-card" />}
      {tags?.length === 0 && <p className="hint">{t('buyers.noTags')}</p>}
      <ul className="record-list">{tags?.map((tag) => <TagItem key={tag.orderNo} tag={tag} />)}</ul>
      <MoreButton more={more} reading={reading} />
    </Card>
  );
}

function useBuyerTags(id: string) {
  const ask = useAsk();
  // Read again with the account's record, which changes with its cases.
  return usePages(['buyer', id, 'tags'], async (after, signal) => (await ask(BuyerTagsDocument, { id, after }, signal)).buyer?.tags ?? noRows);
}

function TagItem({ tag }: { readonly tag: BuyerTagFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { merchant, scenario, order } = tag;
  return (
    <li>
      <div className="record-line">
        <Link to={merchantPath(merchant.id)}>{merchant.name}</Link>
        <span>{scenario.name}</span>
        <StatusMark status={tag.status} />
        <time dateTime={tag.submittedAt}>{formats.dateTime(tag.submittedAt)}</time>
      </div>
      {tag.note !== null && <p className="lines" data-verbatim>{tag.note}</p>}
      <p className="hint">
        {t('case.order', { orderNo: tag.orderNo })} · {formats.money(order.amountCents, order.currency)}
        {order.freightInsured && ` · ${t('buyers.insured')}`}
      </p>
      {order.freightInsured && scenario.effect === 'REFUSE_FREIGHT_INSURANCE' && <InsuranceAnswer orderNo={tag.orderNo} />}
    </li>
  );
}
