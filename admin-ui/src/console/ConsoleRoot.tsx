import { lazy, Suspense } from 'react';
import { SignInPage } from '../pages/signin/SignInPage.tsx';
import { StartPage } from '../pages/start/StartPage.tsx';
import { signInPath } from '../session/provider.ts';
import { useSessionState } from '../session/SessionContext.ts';
import { FrameSkeleton } from './layout/FrameSkeleton.tsx';

const loadConsole = async () => ({ default: (await import('./ConsoleApp.tsx')).ConsoleApp });
const ConsoleApp = lazy(loadConsole);

/** The console for who is signed in, the sign-in for everybody else. The address is kept, so that links survive the sign-in. */
export function ConsoleRoot() {
  const { token } = useSessionState();
  if (window.location.pathname === signInPath) return <SignInPage />;
  if (token === undefined) return <StartPage />;
  return (
    <Suspense fallback={<FrameSkeleton />}>
      <ConsoleApp />
    </Suspense>
  );
}
