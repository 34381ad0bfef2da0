import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { merchantPath } from '../../console/pages.ts';
import { useAsk } from '../../data/AskContext.ts';
import { useFormats } from '../../format/useFormats.ts';
import { BuyerTagsDocument, type BuyerTagFragment } from '../../gql/graphql.ts';
import { StatusMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { InsuranceAnswer } from './InsuranceAnswer.tsx';

interface BuyerTagsProps {
  readonly id: string;
  readonly total: number;
}

/** The tags on an account's orders, as many as one likes to read. */
export function BuyerTags({ id, total }: BuyerTagsProps) {
  const { t } = useTranslation();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useBuyerTags(id);
  const tags = data?.pages.flatMap((page) => page.nodes);
  return (
    <Card title={t('buyers.tags')} extra={<span className="hint">{tags !== undefined && t('case.tagCount', { count: tags.length, total })}</span>}>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {tags === undefined && error === null && <div className="skeleton is-card" />}
      {tags?.length === 0 && <p className="hint">{t('buyers.noTags')}</p>}
      <ul className="record-list">{tags?.map((tag) => <TagItem key={tag.orderNo} tag={tag} />)}</ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('buyers.moreTags')}
        </Button>
      )}
    </Card>
  );
}

function useBuyerTags(id: string) {
  const { i18n } = useTranslation();
  const ask = useAsk();
  return useInfiniteQuery({
    // Read anew with the account's record, which changes with its cases.
    queryKey: ['buyer', id, 'tags', i18n.language],
    queryFn: async ({ pageParam, signal }) => {
      const data = await ask(BuyerTagsDocument, { id, after: pageParam }, signal);
      return data.buyer?.tags ?? { nodes: [], pageInfo: { endCursor: null, hasNextPage: false } };
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
  });
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
      {tag.note !== null && <p className="lines">{tag.note}</p>}
      <p className="hint">
        {t('case.order', { orderNo: tag.orderNo })} · {formats.money(order.amountCents, order.currency)}
        {order.freightInsured && ` · ${t('buyers.insured')}`}
      </p>
      {order.freightInsured && scenario.effect === 'REFUSE_FREIGHT_INSURANCE' && <InsuranceAnswer orderNo={tag.orderNo} />}
    </li>
  );
}
