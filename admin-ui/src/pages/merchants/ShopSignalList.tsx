import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ShopSignalsFragment } from '../../gql/graphql.ts';

/** What stands out about a shop, each with its evidence. Nothing where nothing does. */
export function ShopSignalList({ signals }: { readonly signals: ShopSignalsFragment['signals'] }) {
  const { t } = useTranslation();
  if (signals.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      className="shop-signals"
      title={t('merchants.signals')}
      description={
        <>
          {signals.map(({ kind, text }) => (
            <p key={kind}>
              <strong>{t(`merchants.signal.${kind}`)}</strong> {text}
            </p>
          ))}
          <p className="hint">{t('merchants.signalsHint')}</p>
        </>
      }
    />
  );
}
