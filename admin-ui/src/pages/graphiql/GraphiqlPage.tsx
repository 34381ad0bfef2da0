import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endpointsOf } from '../../api/endpoints.ts';
import { useViewer } from '../../api/useViewer.ts';
import { isLanguage } from '../../i18n/language.ts';
import { usePreference } from '../../preferences/PreferencesContext.ts';
import type { Session } from '../../session/session.ts';
import { useSession, useSessionState } from '../../session/SessionContext.ts';
import { TopBar } from '../../shell/TopBar.tsx';
import { defaultQuery } from './defaultQuery.ts';
import { createFetcher } from './fetcher.ts';
import { SchemaRefresh } from './SchemaRefresh.tsx';
import { SessionStrip } from './SessionStrip.tsx';
import { SessionTools } from './SessionTools.tsx';
import { createSockets, type Sockets } from './sockets.ts';

/** GraphiQL with the session's sign-in: docs, explorer and history on the left, live subscriptions on the right. */
export function GraphiqlPage() {
  const { i18n } = useTranslation();
  const [theme] = usePreference('theme');
  const { token } = useSessionState();
  const { state, ask } = useViewer();
  const fetcher = useSessionFetcher();
  const [plugins] = useState(() => [HISTORY_PLUGIN, explorerPlugin()]);
  const firstDocument = defaultQuery(isLanguage(i18n.language) ? i18n.language : 'en');

  return (
    <>
      <TopBar current="graphiql">
        <SessionTools state={state} />
      </TopBar>
      <SessionStrip state={state} ask={ask} />
      <main className="workbench" lang="en">
        {/* Headers are not persisted: a token typed there must not outlive the tab. */}
        <GraphiQL
          fetcher={fetcher}
          plugins={plugins}
          defaultQuery={firstDocument}
          forcedTheme={theme}
          showPersistHeadersSettings={false}
        >
          <SchemaRefresh token={token} />
        </GraphiQL>
      </main>
    </>
  );
}

function useSessionFetcher() {
  const session = useSession();
  const { i18n } = useTranslation();
  const endpoints = useMemo(() => endpointsOf(window.location.origin), []);
  const sockets = useMemo(() => createSockets(endpoints.webSocket, session), [endpoints, session]);
  useEffect(() => closeOnChange(session, sockets), [session, sockets]);
  return useMemo(
    () => createFetcher({ endpoints, session, sockets, language: () => i18n.language }),
    [endpoints, session, sockets, i18n],
  );
}

// Who signs out, or in as someone else, must not go on receiving what the one before subscribed to.
function closeOnChange(session: Session, sockets: Sockets): () => void {
  let { token } = session.state();
  const stopListening = session.subscribe(() => {
    if (session.state().token === token) return;
    token = session.state().token;
    sockets.close();
  });
  return () => {
    stopListening();
    sockets.close();
  };
}
