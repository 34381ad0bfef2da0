import { useEffect, useEffectEvent } from 'react';
import { LiveCursorDocument, type TypedDocumentString } from '../../gql/graphql.ts';
import { useAsk } from '../AskContext.ts';
import { follow } from './follow.ts';
import { useLiveSocket } from './LiveContext.ts';

export interface FollowedStream<Result, Variables> {
  readonly document: TypedDocumentString<Result, Variables>;
  readonly variables: Variables;
  /** The event's cursor; undefined for streams of states. */
  cursorOf(event: Result): string | undefined;
  events(batch: readonly Result[]): void;
  /** Reads the records again. Undefined for streams of states, where each event is complete. */
  readonly read?: (signal: AbortSignal) => Promise<void>;
  readonly enabled?: boolean;
  /** A new key restarts the subscription with a fresh read. */
  readonly restartKey?: string;
}

/** Follows a subscription while the component lives; another `variables` or another socket starts again. */
export function useFollow<Result, Variables extends Record<string, unknown>>(stream: FollowedStream<Result, Variables>): void {
  const socket = useLiveSocket();
  const ask = useAsk();
  const { document, variables, enabled = true, restartKey = '' } = stream;
  const key = JSON.stringify([variables, restartKey]);
  const withCursor = stream.read !== undefined;
  const events = useEffectEvent(stream.events);
  const cursorOf = useEffectEvent(stream.cursorOf);
  const read = useEffectEvent(async (signal: AbortSignal) => {
    // First the cursor, then the records: they are at least as new as the cursor, so that no event is missed.
    const { liveCursor } = await ask(LiveCursorDocument, {}, signal);
    await stream.read?.(signal);
    return liveCursor;
  });

  useEffect(() => {
    if (!enabled) return undefined;
    const [fixed] = JSON.parse(key) as [Variables, string];
    const following = follow<Result>({
      listen: (after, sink) => socket.listen(document, after === undefined ? fixed : { ...fixed, after }, sink),
      cursorOf: (event) => cursorOf(event),
      events: (batch) => events(batch),
      refused: () => undefined,
      ...(withCursor ? { read: (signal: AbortSignal) => read(signal) } : {}),
    });
    const retry = () => following.retry();
    window.addEventListener('online', retry);
    return () => {
      window.removeEventListener('online', retry);
      following.stop();
    };
  }, [socket, document, key, withCursor, enabled]);
}
