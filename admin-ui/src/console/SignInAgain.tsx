import { useTranslation } from 'react-i18next';
import { useSession } from '../session/SessionContext.ts';
import { RefusedText } from '../shell/FailureText.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { SignIn } from '../shell/SignIn.tsx';

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
        <SignIn beside />
      </div>
    </Dialog>
  );
}
