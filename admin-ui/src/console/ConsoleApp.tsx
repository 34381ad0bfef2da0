import { QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter } from 'react-router';
import { useApi } from '../api/ApiContext.ts';
import { endpointsOf } from '../api/endpoints.ts';
import { typedAsk } from '../data/ask.ts';
import { AskContext } from '../data/AskContext.ts';
import { LiveContext } from '../data/live/LiveContext.ts';
import { openLiveSocket, type LiveSocket } from '../data/live/liveSocket.ts';
import { createQueryClient } from '../data/queryClient.ts';
import { KeysContext, type KeyMap } from '../keys/KeysContext.ts';
import { openKeyMap } from '../keys/keyMap.ts';
import { usePreference } from '../preferences/PreferencesContext.ts';
import { useSession, useSessionState } from '../session/SessionContext.ts';
import { MessagesProvider } from '../shell/MessagesProvider.tsx';
import { SectionBoundary } from './layout/SectionBoundary.tsx';
import { antdTheme } from './antdTheme.ts';
import { openHistoryGuard, type HistoryGuard } from './historyGuard.ts';
import { HistoryGuardContext } from './HistoryGuardContext.ts';
import { giveStylesTheNonce } from './nonce.ts';
import { useAppearance } from './useAppearance.ts';
import { ViewerGate } from './ViewerGate.tsx';
import './console.css';

export { loadPage } from './pageComponents.ts';

const nonce = giveStylesTheNonce(document);
const csp = nonce === undefined ? undefined : { csp: { nonce } };

/** Wires what all pages of the console share. What it shows begins with ViewerGate. */
export function ConsoleApp() {
  const { i18n } = useTranslation();
  const appearance = useAppearance();
  const [density] = usePreference('density');
  const theme = useMemo(() => antdTheme(appearance, density), [appearance, density]);
  return (
    <ConfigProvider {...csp} theme={theme} locale={i18n.language === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }}>
      <MessagesProvider>
        <DataProviders>
          <WindowProvider>
            <SectionBoundary>
              <BrowserRouter>
                <ViewerGate />
              </BrowserRouter>
            </SectionBoundary>
          </WindowProvider>
        </DataProviders>
      </MessagesProvider>
    </ConfigProvider>
  );
}

function DataProviders({ children }: { readonly children: ReactNode }) {
  const execute = useApi();
  const ask = useMemo(() => typedAsk(execute), [execute]);
  const [client] = useState(createQueryClient);
  const socket = useSocket();
  useEffect(() => () => client.clear(), [client]);
  if (socket === undefined) return null;
  return (
    <QueryClientProvider client={client}>
      <AskContext value={ask}>
        <LiveContext value={socket}>{children}</LiveContext>
      </AskContext>
    </QueryClientProvider>
  );
}

// A socket speaks for one caller in one language; another of either is another socket.
function useSocket(): LiveSocket | undefined {
  const session = useSession();
  const { token } = useSessionState();
  const { i18n } = useTranslation();
  const { language } = i18n;
  const [socket, setSocket] = useState<LiveSocket | undefined>(undefined);
  useEffect(() => {
    const opened = openLiveSocket(endpointsOf(window.location.origin).webSocket, session, token, language);
    // Something to open and to close, which rendering must not do.
    // oxlint-disable-next-line set-state-in-effect
    setSocket(opened);
    return () => opened.close();
  }, [session, token, language]);
  return socket;
}

// What listens to the window, for keys and for Back and Forward: before the router does, which is below.
function WindowProvider({ children }: { readonly children: ReactNode }) {
  const [opened, setOpened] = useState<{ readonly map: KeyMap; readonly guard: HistoryGuard } | undefined>(undefined);
  useEffect(() => {
    const map = openKeyMap(window);
    const guard = openHistoryGuard(window);
    // oxlint-disable-next-line set-state-in-effect
    setOpened({ map, guard });
    return () => {
      map.stop();
      guard.stop();
    };
  }, []);
  if (opened === undefined) return null;
  return (
    <KeysContext value={opened.map}>
      <HistoryGuardContext value={opened.guard}>{children}</HistoryGuardContext>
    </KeysContext>
  );
}
