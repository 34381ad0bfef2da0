import { createElement, lazy, useState, type ComponentType, type FunctionComponent } from 'react';
import { readItem, writeItem } from '../storage/browserStorage.ts';

const storageKey = 'cloudtag.reloaded';
const storage = () => window.sessionStorage;
// A reload that did not help is not tried again so soon.
const reloadsApart = 60_000;

/** A component that is loaded when it is shown. */
export type LazyPage<Props extends object> = FunctionComponent<Props> & {
  /** Preloads it. */
  readonly load: () => Promise<void>;
};

/**
 * A page, or a part of one, that is loaded when it is shown. A load that failed (the server was away) is tried again by the next
 * rendering, which `Try again` brings. When the server is there and the page's file is not (another version was deployed), the
 * whole program is reloaded, once.
 */
export function lazyPage<Props extends object = object>(load: () => Promise<ComponentType<Props>>): LazyPage<Props> {
  const begin = () =>
    lazy(async () => {
      try {
        return { default: await load() };
      } catch (error) {
        current = begin();
        if (!reloadedLately() && (await serverAnswers())) return reload();
        throw error;
      }
    });
  let current: ComponentType<Props> = begin();
  function LazyPage(props: Props) {
    // What is shown stays what it is, whatever is loaded meanwhile.
    const [Page] = useState(() => current);
    return createElement(Page, props);
  }
  return Object.assign(LazyPage, {
    async load() {
      current = await load();
    },
  });
}

function reloadedLately(): boolean {
  return Date.now() - Number(readItem(storage, storageKey) ?? 0) < reloadsApart;
}

async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

// Nothing is shown any more: the page goes.
function reload(): Promise<never> {
  writeItem(storage, storageKey, String(Date.now()));
  window.location.reload();
  return new Promise(() => undefined);
}

/** Whether the program was just reloaded since its files had changed; true once. */
export function takeReloaded(): boolean {
  const reloaded = reloadedLately() && readItem(storage, `${storageKey}.said`) !== readItem(storage, storageKey);
  if (reloaded) writeItem(storage, `${storageKey}.said`, readItem(storage, storageKey));
  return reloaded;
}
