import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ShopTagFragment, TagStatus } from '../../gql/graphql.ts';
import { Mark, statusTones } from '../../review/marks.tsx';

// Never by colour alone: each status has its sign, too.
const signs: Record<TagStatus, string> = { ACCUMULATING: '◔', SUCCEEDED: '✓', EXPIRED: '⌛', REJECTED: '✗', OVERTURNED: '↩', VOIDED: '⊘' };

type Marked = Pick<ShopTagFragment, 'markResult' | 'status'>;

/** The label that merchants know, and where the tag stands. 标记失败 is not dressed as an error, because it is none. */
export function TagMark({ tag }: { readonly tag: Marked }) {
  const { t } = useTranslation();
  return tagMark(tag, t);
}

/** The same for the cells of a grid, which must not use hooks. */
export function tagMark(tag: Marked, t: TFunction) {
  return <Mark tone={statusTones[tag.status]}>{`${signs[tag.status]} ${tagWords(tag, t)}`}</Mark>;
}

/** The mark in words: 标记成功 says all, while 标记失败 has many reasons. */
export function tagWords({ markResult, status }: Marked, t: TFunction): string {
  const label = t(`markResult.${markResult}`);
  return status === 'SUCCEEDED' ? label : t('shop.tags.labelled', { label, status: t(`tagStatus.${status}`) });
}
