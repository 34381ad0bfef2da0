import { Suspense, useMemo, useState, type ReactNode } from 'react';
import { SectionBoundary } from '../console/layout/SectionBoundary.tsx';
import { lazyPage } from '../console/lazyPage.tsx';
import { useLoadAhead } from '../console/useLoadAhead.ts';
import type { MessageLineProps, SaidMessage } from './MessageLine.tsx';
import { MessagesContext, type MessageKind, type Messages } from './useMessages.ts';

const MessageLine = lazyPage<MessageLineProps>(async () => (await import('./MessageLine.tsx')).MessageLine);

/** Shows short messages about the outcome of actions. */
export function MessagesProvider({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState<readonly SaidMessage[]>([]);
  const messages = useMemo<Messages>(() => {
    const say = (kind: MessageKind) => (content: ReactNode) => setSaid((before) => [...before, { kind, content }]);
    return { info: say('info'), success: say('success'), warning: say('warning'), error: say('error') };
  }, []);
  // The first message may be that the server can't be reached.
  useLoadAhead(MessageLine.load);
  return (
    <MessagesContext value={messages}>
      {children}
      {said.length > 0 && (
        <SectionBoundary>
          <Suspense fallback={null}>
            <MessageLine said={said} />
          </Suspense>
        </SectionBoundary>
      )}
    </MessagesContext>
  );
}
