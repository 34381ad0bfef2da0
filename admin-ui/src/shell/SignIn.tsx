import type { ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { signInPath, type SignInSettings } from '../session/provider.ts';
import { useSignInSettings } from '../session/SignInProviderContext.ts';
import { SignInForm } from './SignInForm.tsx';

export interface SignInProps {
  /** Whether the sign-in opens in a window of its own, so that this page stays as it is. */
  readonly beside?: boolean;
}

/** The ways to sign in to this server: at its identity provider, or with a token, and where such a token comes from. */
export function SignIn({ beside = false }: SignInProps) {
  const settings = useSignInSettings();
  if (settings === undefined) return null;
  if (settings === null) return <SignInForm />;
  if (settings.provider !== null) return <AtProvider away={settings.provider.metadata === null} beside={beside} />;
  return (
    <SignInForm>
      <WithoutProvider settings={settings} />
    </SignInForm>
  );
}

function AtProvider({ away, beside }: { readonly away: boolean; readonly beside: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="sign-in">
      {away ? (
        <p className="notice">{t('signIn.providerAway')}</p>
      ) : (
        <p>
          {beside ? (
            <a className="button primary" href={`${signInPath}?window`} target="cloudtag-signin">
              {t('signIn.atProviderBeside')}
            </a>
          ) : (
            <a className="button primary" href={`${signInPath}?to=${encodeURIComponent(currentPath())}`}>
              {t('signIn.atProvider')}
            </a>
          )}
        </p>
      )}
      <details>
        <summary>{t('signIn.withToken')}</summary>
        <SignInForm />
      </details>
    </div>
  );
}

function currentPath(): string {
  const { pathname, search, hash } = window.location;
  return pathname + search + hash;
}

function WithoutProvider({ settings }: { readonly settings: SignInSettings }): ReactNode {
  return settings.development ? (
    <p>
      <Trans i18nKey="signIn.development" components={{ run: <code />, token: <code /> }} />
    </p>
  ) : (
    <p>
      <Trans i18nKey="signIn.noProvider" components={{ issuer: <code />, client: <code />, token: <code />, doc: <code /> }} />
    </p>
  );
}
