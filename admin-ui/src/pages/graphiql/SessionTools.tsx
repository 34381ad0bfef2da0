import { useTranslation } from 'react-i18next';
import type { ViewerState } from '../../api/useViewer.ts';
import { useSession, useSessionState } from '../../session/SessionContext.ts';
import { useRoleNames } from '../../shell/useRoleNames.ts';

/** Who is signed in, and the way out. */
export function SessionTools({ state }: { readonly state: ViewerState }) {
  const { t } = useTranslation();
  const session = useSession();
  const { token } = useSessionState();
  const roleNames = useRoleNames();
  return (
    <>
      <output className="who">
        {state.kind === 'signedIn' && t('viewer.as', { id: state.viewer.id, roles: roleNames(state.viewer.roles) })}
        {state.kind === 'signedOut' && t('signIn.signedOut')}
      </output>
      {token !== undefined && (
        <button type="button" onClick={session.signOut}>
          {t('signIn.signOut')}
        </button>
      )}
    </>
  );
}
