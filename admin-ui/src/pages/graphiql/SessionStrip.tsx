import { useTranslation } from 'react-i18next';
import type { ViewerState } from '../../api/useViewer.ts';
import { useSessionState } from '../../session/SessionContext.ts';
import { FailureText, RefusedText } from '../../shell/FailureText.tsx';
import { SignIn } from '../../shell/SignIn.tsx';

interface SessionStripProps {
  readonly state: ViewerState;
  readonly ask: () => void;
}

/** What stands between the person and a working GraphiQL, and the way past it; nothing when all is well. */
export function SessionStrip({ state, ask }: SessionStripProps) {
  const { t } = useTranslation();
  const { token } = useSessionState();
  if (state.kind === 'signedIn' || state.kind === 'asking') return null;
  return (
    <section className="strip" aria-label={t('signIn.heading')}>
      {state.kind !== 'signedOut' && (
        <p role="alert" className="notice">
          {state.kind === 'refused' ? <RefusedText hadToken={token !== undefined} /> : <FailureText failure={state.failure} />}
        </p>
      )}
      {state.kind === 'failed' ? (
        <button type="button" onClick={ask}>
          {t('viewer.retry')}
        </button>
      ) : (
        <SignIn />
      )}
    </section>
  );
}
