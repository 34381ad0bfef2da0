import { useTranslation } from 'react-i18next';
import type { Decision } from '../gql/graphql.ts';

/** Ready-made reasons for a decision. The first is what is meant most of the time. */
export function useReasonTemplates(decision: Decision): readonly string[] {
  const { t } = useTranslation();
  switch (decision) {
    case 'CONFIRM':
      return [t('reason.confirm.independent'), t('reason.confirm.risk'), t('reason.confirm.pattern')];
    case 'REJECT':
      return [t('reason.reject.normal'), t('reason.reject.scenario'), t('reason.reject.linked')];
    case 'KEEP_ACCUMULATING':
      return [t('reason.keep.evidence'), t('reason.keep.below'), t('reason.keep.watch')];
  }
}
