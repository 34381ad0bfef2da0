import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { createQueryClient } from '../data/queryClient.ts';
import { useRead } from '../data/useRead.ts';
import { ConsoleViewerDocument } from '../gql/graphql.ts';
import { ReviewProvider } from '../review/ReviewProvider.tsx';
import { useSession, useSessionState } from '../session/SessionContext.ts';
import { ZoneContext } from '../format/ZoneContext.ts';
import { FailureNotice } from '../shell/FailureNotice.tsx';
import { Console } from './Console.tsx';
import { FrameSkeleton } from './layout/FrameSkeleton.tsx';
import { SignInAgain } from './SignInAgain.tsx';
import { StartPage } from './signedOut.ts';
import { ViewerContext } from './ViewerContext.ts';

/** Asks who is calling, and lets in. Whose token ends while at work signs in again without losing what is on the page. */
export function ViewerGate() {
  const { t } = useTranslation();
  const session = useSession();
  const { token, refused } = useSessionState();
  const { data: asked, error, refetch } = useRead(ConsoleViewerDocument, {}, { key: ['viewer', token], keepLast: true, enabled: !refused });
  const [known, setKnown] = useState(asked);
  if (asked !== undefined && asked !== known) setKnown(asked);
  // Also when another tab brought a token that is no good: what is on the page is of who was known last.
  const data = asked ?? (refused ? known : undefined);

  if (data === undefined) {
    if (refused) return <StartPage />;
    if (error === null) return <FrameSkeleton />;
    return (
      <main className="gate side">
        <FailureNotice error={error} retry={() => void refetch()} />
        <button type="button" onClick={session.signOut}>
          {t('signIn.signOut')}
        </button>
      </main>
    );
  }
  const { viewer, timeZone } = data;
  return (
    <ZoneContext value={timeZone}>
      <ViewerContext value={viewer}>
        {/* Another person gets nothing of what the one before had open. */}
        <PersonData key={viewer.id}>
          <ReviewProvider>
            <Console />
            <SignInAgain open={refused} />
          </ReviewProvider>
        </PersonData>
      </ViewerContext>
    </ZoneContext>
  );
}

/** What one person has read, for as long as they are signed in; a new token reads it again, it may see other things. */
function PersonData({ children }: { readonly children: ReactNode }) {
  const [client] = useState(createQueryClient);
  const { token } = useSessionState();
  const readWith = useRef(token);
  useEffect(() => {
    if (readWith.current === token) return;
    readWith.current = token;
    void client.invalidateQueries();
  }, [client, token]);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
