import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../session/SessionContext.ts';
import { RefusedText } from '../shell/FailureText.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import type { SignInProps } from '../shell/SignIn.tsx';
import { lazyPage } from './lazyPage.tsx';

// Few sign-ins end while somebody works.
const SignIn = lazyPage<SignInProps>(async () => (await import('../shell/SignIn.tsx')).SignIn);

/** Over the page when the server no longer takes the token: what is on the page stays. */
export function SignInAgain({ open }: { readonly open: boolean }) {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <Dialog open={open} title={t('signIn.heading')} close={session.signOut}>
      <div className="side">
        <p>
          <RefusedText hadToken />
        </p>
        <p>{t('console.workStays')}</p>
        <Suspense fallback={null}>
          <SignIn beside />
        </Suspense>
      </div>
    </Dialog>
  );
}
