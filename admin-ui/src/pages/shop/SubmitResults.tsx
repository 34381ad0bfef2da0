import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { MarkLabel } from './MarkLabel.tsx';
import type { Submitted } from './useSubmission.ts';

/** What became of each order of a submission. */
export function SubmitResults({ submitted }: { readonly submitted: Submitted }) {
  const { t } = useTranslation();
  const { results, acceptedCount } = submitted;
  const refused = results.length - acceptedCount;
  return (
    <section className="submit-results" aria-label={t('shop.result.title')}>
      <Alert
        role="status"
        type={refused === 0 ? 'success' : 'warning'}
        showIcon
        title={t('shop.result.summary', { accepted: acceptedCount, refused })}
        description={acceptedCount > 0 ? t('shop.markFailedMeaning') : undefined}
      />
      <ol>
        {results.map(({ index, orderNo, accepted, tag, error }) => (
          <li key={index} className={accepted ? 'is-good' : 'is-bad'}>
            <strong>
              <span aria-hidden="true">{accepted ? '✓ ' : '✗ '}</span>
              {orderNo}
            </strong>{' '}
            {accepted ? t('shop.result.accepted') : (error?.message ?? '')} {tag !== null && <MarkLabel result={tag.markResult} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
