import { createContext, useContext, type ReactNode } from 'react';

export type MessageKind = 'info' | 'success' | 'warning' | 'error';

/** Says in a line, over the page and for a few seconds, what became of something. */
export type Messages = Readonly<Record<MessageKind, (content: ReactNode) => void>>;

export const MessagesContext = createContext<Messages | undefined>(undefined);

export function useMessages(): Messages {
  const messages = useContext(MessagesContext);
  if (messages === undefined) throw new Error('useMessages needs a MessagesContext above it');
  return messages;
}
