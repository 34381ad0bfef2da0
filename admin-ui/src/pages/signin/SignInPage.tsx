import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Destination, SignInError, signInPath, type SignInProvider } from '../../session/provider.ts';
import { useSession } from '../../session/SessionContext.ts';
import { useSignInProvider } from '../../session/SignInProviderContext.ts';
import type { Session } from '../../session/session.ts';
import { TopBar } from '../../shell/TopBar.tsx';

type Progress =
  | { readonly kind: 'going' }
  | { readonly kind: 'arriving' }
  | { readonly kind: 'arrived' }
  | { readonly kind: 'failed'; readonly error: SignInError };

/** On the way to the identity provider, and back from it. */
export function SignInPage() {
  const { t } = useTranslation();
  const session = useSession();
  const provider = useSignInProvider();
  const returns = new URLSearchParams(window.location.search).has('state');
  const [progress, setProgress] = useState<Progress>({ kind: returns ? 'arriving' : 'going' });

  const fail = useCallback((error: unknown) => {
    setProgress({ kind: 'failed', error: error instanceof SignInError ? error : new SignInError('away', String(error)) });
  }, []);
  useEffect(() => {
    if (returns) arrive(provider, session, () => setProgress({ kind: 'arrived' })).catch(fail);
    else go(provider, destination()).catch(fail);
  }, [provider, session, returns, fail]);

  return (
    <>
      <TopBar current="start" />
      <main className="start">
        <h1>{t('signIn.heading')}</h1>
        {progress.kind === 'failed' ? (
          <>
            <p role="alert" className="notice">
              {t(`signIn.failed.${progress.error.reason}`, { detail: progress.error.detail })}
            </p>
            <a className="button" href={signInPath}>
              {t('signIn.again')}
            </a>
          </>
        ) : (
          <output>{t(`signIn.${progress.kind}`)}</output>
        )}
      </main>
    </>
  );
}

async function go(provider: SignInProvider, to: Destination): Promise<void> {
  window.location.replace(await provider.begin(to));
}

async function arrive(provider: SignInProvider, session: Session, arrived: () => void): Promise<void> {
  const { grant, destination: to } = await provider.complete();
  session.signInAtProvider(grant);
  if (!to.window) {
    window.location.replace(to.path);
    return;
  }
  // The code is of no use any more, and nobody's business.
  window.history.replaceState(undefined, '', window.location.pathname);
  // The tab that waits goes on by itself. Where a browser closes no window that has been elsewhere, the page says so.
  window.close();
  arrived();
}

/** Where to go on: a page of this server's, whatever the address says. */
function destination(): Destination {
  const asked = new URLSearchParams(window.location.search);
  const { origin } = window.location;
  const to = new URL(asked.get('to') ?? '/', origin);
  const leadsOn = to.origin === origin && to.pathname !== signInPath;
  return { window: asked.has('window'), path: leadsOn ? to.pathname + to.search + to.hash : '/' };
}
