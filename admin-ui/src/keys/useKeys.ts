import { useEffect, useEffectEvent } from 'react';
import { useKeyMap, type KeyBinding } from './KeysContext.ts';

/** Adds key bindings while the component lives. They may change with each render. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const map = useKeyMap();
  const current = useEffectEvent(() => bindings);
  useEffect(() => map.add(() => current()), [map]);
}

/** Switches the page's keys off while `open`. */
export function useKeysPaused(open: boolean): void {
  const map = useKeyMap();
  useEffect(() => (open ? map.pause() : undefined), [map, open]);
}
