import { useTranslation } from 'react-i18next';
import type { MarkResult } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';

/** The label that merchants know. 标记失败 is not dressed as an error, because it is none. */
export function MarkLabel({ result }: { readonly result: MarkResult }) {
  const { t } = useTranslation();
  return <Mark tone={result === 'MARK_SUCCEEDED' ? 'good' : 'plain'}>{t(`markResult.${result}`)}</Mark>;
}
