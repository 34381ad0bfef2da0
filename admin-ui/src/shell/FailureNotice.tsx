import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api.ts';
import { RefusedError } from '../data/userErrors.ts';
import { FailureText } from './FailureText.tsx';

interface FailureNoticeProps {
  readonly error: unknown;
  readonly retry?: () => void;
}

/** A failure of whatever kind, in a sentence, with another try where one may help. */
export function FailureNotice({ error, retry }: FailureNoticeProps) {
  const { t } = useTranslation();
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={<FailureSentence error={error} />}
      action={
        retry === undefined ? undefined : (
          <Button size="small" onClick={retry}>
            {t('viewer.retry')}
          </Button>
        )
      }
    />
  );
}

export function FailureSentence({ error }: { readonly error: unknown }) {
  if (error instanceof RefusedError) return <span className="lines">{error.message}</span>;
  if (error instanceof ApiError) return <FailureText failure={error.failure} />;
  return <FailureText failure={{ code: 'INTERNAL', message: String(error), requestId: undefined }} />;
}
