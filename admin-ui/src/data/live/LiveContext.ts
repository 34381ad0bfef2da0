import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveSocket, SocketState } from './liveSocket.ts';

export const LiveContext = createContext<LiveSocket | undefined>(undefined);

export function useLiveSocket(): LiveSocket {
  const socket = useContext(LiveContext);
  if (socket === undefined) throw new Error('useLiveSocket needs a LiveContext above it');
  return socket;
}

export function useSocketState(): SocketState {
  const socket = useLiveSocket();
  return useSyncExternalStore(socket.subscribe, socket.state);
}
