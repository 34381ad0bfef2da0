import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { createApi } from '../api/api.ts';
import { ApiContext } from '../api/ApiContext.ts';
import { endpointsOf } from '../api/endpoints.ts';
import { preferredLanguage } from '../i18n/language.ts';
import { loadI18n } from '../i18n/loadI18n.ts';
import { densities } from '../preferences/density.ts';
import { openPreference } from '../preferences/preference.ts';
import { PreferencesContext } from '../preferences/PreferencesContext.ts';
import { themes } from '../preferences/theme.ts';
import { OfferedSession } from '../session/OfferedSession.tsx';
import { openSignInProvider } from '../session/provider.ts';
import { openSession } from '../session/session.ts';
import { SessionContext } from '../session/SessionContext.ts';
import { SignInProviderContext } from '../session/SignInProviderContext.ts';
import { PageTitle, type PageName } from './PageTitle.tsx';

/** Wires what every page shares (session, API, texts, theme) and renders `page` into #root. `loadSignedIn` loads what the
 * page shows to who is signed in, beside the texts. */
export async function mountPage(name: PageName, page: ReactNode, loadSignedIn?: () => Promise<unknown>): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no element #root');

  const provider = openSignInProvider(window);
  // Before the first await: a token in the address is removed from it at once.
  const session = openSession(window, provider);
  const preferences = { theme: openPreference(window, 'theme', themes), density: openPreference(window, 'density', densities) };
  // The page itself tries again if this fails.
  if (session.state().token !== undefined) loadSignedIn?.().catch(() => undefined);
  const i18n = await loadI18n(preferredLanguage(window));
  const execute = createApi({ url: endpointsOf(location.origin).http, session, language: () => i18n.language });

  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <SessionContext value={session}>
          <SignInProviderContext value={provider}>
            <ApiContext value={execute}>
              <PreferencesContext value={preferences}>
                <PageTitle name={name} />
                {page}
                <OfferedSession />
              </PreferencesContext>
            </ApiContext>
          </SignInProviderContext>
        </SessionContext>
      </I18nextProvider>
    </StrictMode>,
  );
}
