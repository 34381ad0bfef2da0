import { createContext, useContext, type ReactNode } from 'react';

export type MessageKind = 'info' | 'success' | 'warning' | 'error';

/** Shows the outcome of an action in one line over the page, for a few seconds. */
export type Messages = Readonly<Record<MessageKind, (content: ReactNode) => void>>;

export const MessagesContext = createContext<Messages | undefined>(undefined);

export function useMessages(): Messages {
  const messages = useContext(MessagesContext);
  if (messages === undefined) throw new Error('useMessages needs a MessagesContext above it');
  return messages;
}
