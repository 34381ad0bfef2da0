import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { signInPath } from '../session/provider.ts';
import { useSessionState } from '../session/SessionContext.ts';
import { FailureText } from '../shell/FailureText.tsx';
import { FaultBoundary, type Fault } from './layout/FaultBoundary.tsx';
import { FrameSkeleton } from './layout/FrameSkeleton.tsx';
import { lazyPage } from './lazyPage.tsx';
import { SignInPage, StartPage } from './signedOut.ts';

const ConsoleApp = lazyPage(async () => {
  const { ConsoleApp: Loaded, loadPage } = await import('./ConsoleApp.tsx');
  // Beside the question who is calling. The page tries again if this fails.
  loadPage(window.location.pathname).catch(() => undefined);
  return Loaded;
});

/** Loads what is shown to who is signed in. */
export const loadConsole = ConsoleApp.load;

/** The console for who is signed in, the sign-in for everybody else. The address is kept, so that links survive the sign-in. */
export function ConsoleRoot() {
  const { token } = useSessionState();
  const Shown = window.location.pathname === signInPath ? SignInPage : token === undefined ? StartPage : ConsoleApp;
  return (
    <FaultBoundary Fallback={NotLoaded}>
      <Suspense fallback={Shown === ConsoleApp ? <FrameSkeleton /> : null}>
        <Shown />
      </Suspense>
    </FaultBoundary>
  );
}

// Without what the console is made of, which may be what could not be loaded.
function NotLoaded({ error, retry }: Fault) {
  const { t } = useTranslation();
  return (
    <main className="start">
      <p role="alert" className="notice">
        <FailureText failure={{ code: 'UNREACHABLE', message: String(error), requestId: undefined }} />
      </p>
      <button type="button" className="primary" onClick={retry}>
        {t('viewer.retry')}
      </button>
    </main>
  );
}
