import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { useEffect, useState, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { MemoryRouter } from 'react-router';
import { createApi } from '../api/api.ts';
import { openHistoryGuard } from '../console/historyGuard.ts';
import { HistoryGuardContext } from '../console/HistoryGuardContext.ts';
import { ViewerContext, type ConsoleViewer } from '../console/ViewerContext.ts';
import { typedAsk } from '../data/ask.ts';
import { AskContext } from '../data/AskContext.ts';
import { LiveContext } from '../data/live/LiveContext.ts';
import type { LiveSocket, Sink } from '../data/live/liveSocket.ts';
import { createQueryClient } from '../data/queryClient.ts';
import { deskTexts } from '../i18n/deskTexts.ts';
import { en } from '../i18n/en.ts';
import { createI18n } from '../i18n/i18n.ts';
import { addTexts } from '../i18n/lateTexts.ts';
import { policyTexts } from '../i18n/policyTexts.ts';
import { KeysContext } from '../keys/KeysContext.ts';
import { openKeyMap } from '../keys/keyMap.ts';
import { densities } from '../preferences/density.ts';
import { openPreference } from '../preferences/preference.ts';
import { PreferencesContext } from '../preferences/PreferencesContext.ts';
import { themes } from '../preferences/theme.ts';
import { ReviewProvider } from '../review/ReviewProvider.tsx';
import { loadDialogs } from '../shell/Dialog.tsx';
import { MessagesProvider } from '../shell/MessagesProvider.tsx';
import { sessionWith } from './fakeSession.ts';

// What a test opens is there at once.
await loadDialogs();

/** One subscription that the page opened. */
export interface Listened {
  readonly variables: Record<string, unknown>;
  readonly sink: Sink<unknown>;
}

/** A socket that only remembers who listens; the test sends the events. */
export function fakeSocket(): LiveSocket & { readonly listened: Listened[] } {
  const listened: Listened[] = [];
  return {
    listened,
    listen(_document, variables, sink) {
      listened.push({ variables, sink: sink as Sink<unknown> });
      return () => undefined;
    },
    state: () => 'live',
    subscribe: () => () => undefined,
    close: () => undefined,
  };
}

export const reviewer: ConsoleViewer = {
  id: 'me',
  roles: ['REVIEWER'],
  merchant: null,
  can: {
    submitTags: false,
    restrictBuyers: false,
    seeCases: true,
    seeBuyers: true,
    readLog: true,
    decide: true,
    administrate: false,
    lead: false,
    shareViews: true,
    seeWebhooks: true,
    manageWebhooks: true,
  },
};

interface RenderOptions {
  readonly viewer?: ConsoleViewer;
  readonly socket?: LiveSocket;
  readonly address?: string;
}

/** Renders a part of the console in English with everything it expects above it. Requests go to `fakeServer`. */
export function renderConsole(children: ReactNode, { viewer = reviewer, socket = fakeSocket(), address = '/' }: RenderOptions = {}) {
  const i18n = createI18n('en', en);
  addTexts(i18n, deskTexts);
  addTexts(i18n, policyTexts);
  const execute = createApi({ url: 'http://127.0.0.1:8080/graphql', session: sessionWith('aaa'), language: () => 'en' });
  const preferences = { theme: openPreference(window, 'theme', themes), density: openPreference(window, 'density', densities) };
  return render(
    <I18nextProvider i18n={i18n}>
      <PreferencesContext value={preferences}>
        <MessagesProvider>
          <QueryClientProvider client={createQueryClient()}>
            <AskContext value={typedAsk(execute)}>
              <LiveContext value={socket}>
                <OfTheWindow>
                  <MemoryRouter initialEntries={[address]}>
                    <ViewerContext value={viewer}>
                      <ReviewProvider>{children}</ReviewProvider>
                    </ViewerContext>
                  </MemoryRouter>
                </OfTheWindow>
              </LiveContext>
            </AskContext>
          </QueryClientProvider>
        </MessagesProvider>
      </PreferencesContext>
    </I18nextProvider>,
  );
}

function OfTheWindow({ children }: { readonly children: ReactNode }) {
  const [map] = useState(() => openKeyMap(window));
  const [guard] = useState(() => openHistoryGuard(window));
  useEffect(
    () => () => {
      map.stop();
      guard.stop();
    },
    [map, guard],
  );
  return (
    <KeysContext value={map}>
      <HistoryGuardContext value={guard}>{children}</HistoryGuardContext>
    </KeysContext>
  );
}
