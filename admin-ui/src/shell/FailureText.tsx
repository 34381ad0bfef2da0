import { useTranslation } from 'react-i18next';
import type { RequestFailure } from '../api/failure.ts';

/** Explains in the person's language why a request failed, and what to do about it. */
export function FailureText({ failure }: { readonly failure: RequestFailure }) {
  const { t } = useTranslation();
  const { code, message, requestId } = failure;
  const sentences: Record<string, string> = {
    UNREACHABLE: t('failure.unreachable'),
    BAD_ANSWER: t('failure.badAnswer', { message }),
  };
  return (
    <>
      {sentences[code] ?? t('failure.other', { code, message })}
      {requestId !== undefined && <span className="request-id"> {t('failure.requestId', { requestId })}</span>}
    </>
  );
}

/** Says that the server wants a sign-in: another one when `hadToken`, since it did not accept the one it got. */
export function RefusedText({ hadToken }: { readonly hadToken: boolean }) {
  const { t } = useTranslation();
  return t(hadToken ? 'failure.refused' : 'failure.unauthenticated');
}
