import { useTranslation } from 'react-i18next';
import { useViewer } from '../../api/useViewer.ts';
import type { Viewer } from '../../api/viewer.ts';
import { useSession, useSessionState } from '../../session/SessionContext.ts';
import { FailureText, RefusedText } from '../../shell/FailureText.tsx';
import { SignIn } from '../../shell/SignIn.tsx';

/** Who is signed in, or the way to sign in. */
export function IdentityCard() {
  const { t } = useTranslation();
  const session = useSession();
  const { token } = useSessionState();
  const { state, ask } = useViewer();
  const needsSignIn = state.kind === 'signedOut' || state.kind === 'refused';

  return (
    <section className="card" aria-labelledby="identity-heading">
      <h2 id="identity-heading">{t(needsSignIn ? 'signIn.heading' : 'viewer.heading')}</h2>
      <output>
        {state.kind === 'asking' && <p>{t('viewer.asking')}</p>}
        {state.kind === 'signedIn' && <ViewerFacts viewer={state.viewer} />}
      </output>
      <div role="alert">
        {state.kind === 'refused' && (
          <p className="notice">
            <RefusedText hadToken={token !== undefined} />
          </p>
        )}
        {state.kind === 'failed' && (
          <p className="notice">
            <FailureText failure={state.failure} />
          </p>
        )}
      </div>
      {needsSignIn && <SignIn />}
      <div className="actions">
        {state.kind === 'failed' && (
          <button type="button" onClick={ask}>
            {t('viewer.retry')}
          </button>
        )}
        {token !== undefined && (
          <button type="button" onClick={session.signOut}>
            {t('signIn.signOut')}
          </button>
        )}
      </div>
    </section>
  );
}

function ViewerFacts({ viewer }: { readonly viewer: Viewer }) {
  const { t } = useTranslation();
  return (
    <dl className="facts">
      <dt>{t('viewer.id')}</dt>
      <dd>{viewer.id}</dd>
      <dt>{t('viewer.roles')}</dt>
      <dd>
        {viewer.roles.length === 0 && t('viewer.noRoles')}
        <ul className="roles">
          {viewer.roles.map((role) => (
            <li key={role}>
              {t(`role.${role}`)} <code>{role}</code>
            </li>
          ))}
        </ul>
      </dd>
      {viewer.merchant !== null && (
        <>
          <dt>{t('viewer.merchant')}</dt>
          <dd>
            {viewer.merchant.name} <code>{viewer.merchant.id}</code>
          </dd>
        </>
      )}
    </dl>
  );
}
