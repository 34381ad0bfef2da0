import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Pages } from '../data/usePages.ts';

/** The button below a list that has further rows. */
export function MoreButton({ more, reading }: Pick<Pages<unknown>, 'more' | 'reading'>) {
  const { t } = useTranslation();
  if (more === undefined) return null;
  return (
    <Button loading={reading} onClick={more}>
      {t('list.more')}
    </Button>
  );
}
