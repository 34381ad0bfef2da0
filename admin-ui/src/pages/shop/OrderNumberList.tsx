import { useTranslation } from 'react-i18next';
import { goodNumbers, mostOrders, type OrderNumber } from './orderNumbers.ts';

/** What was pasted, as it was understood: counted, repeats and impossible numbers marked, before anything is sent. */
export function OrderNumberList({ numbers }: { readonly numbers: readonly OrderNumber[] }) {
  const { t } = useTranslation();
  const good = goodNumbers(numbers).length;
  const duplicates = numbers.filter(({ state }) => state === 'duplicate').length;
  const malformed = numbers.filter(({ state }) => state === 'malformed').length;
  return (
    <div className="order-numbers">
      <p className={good > mostOrders ? 'field-error' : 'order-count'} aria-live="polite">
        {t('shop.submit.count', { count: good, most: mostOrders })}
        {duplicates > 0 && ` · ${t('shop.submit.duplicates', { count: duplicates })}`}
        {malformed > 0 && ` · ${t('shop.submit.malformed', { count: malformed })}`}
      </p>
      {numbers.length > 0 && (
        <ul>
          {numbers.map(({ text, state }, index) => (
            // The same number may stand there twice: its place is what tells one from the other.
            // eslint-disable-next-line react/no-array-index-key
            <li key={`${text}-${index}`} className={`order-number is-${state}`}>
              {text}
              {state !== 'good' && <span> · {t(`shop.submit.state.${state}`)}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
