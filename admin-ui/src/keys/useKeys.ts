import { useEffect, useLayoutEffect, useRef } from 'react';
import { useKeyMap, type KeyBinding } from './KeysContext.ts';

/** Adds key bindings while the component lives. They may change with each render. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const map = useKeyMap();
  // A ref and not an effect event: the list of keys is read while rendering, too.
  const latest = useRef(bindings);
  useLayoutEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => map.add(() => latest.current), [map]);
}

/** Switches the page's keys off while `open`. */
export function useKeysPaused(open: boolean): void {
  const map = useKeyMap();
  useEffect(() => (open ? map.pause() : undefined), [map, open]);
}
