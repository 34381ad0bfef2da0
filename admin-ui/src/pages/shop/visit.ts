import { readItem, writeItem } from '../../storage/browserStorage.ts';

/**
 * What a shop has seen of its tags, by the server's clock: the latest change. `since` is as far as it had seen when this
 * visit began, which lasts as long as the tab, so that a reload does not lose the digest.
 */
export interface Visit {
  /** Undefined at the first visit of all. */
  since(): string | undefined;
  saw(latest: string): void;
  /** The digest is read: what is new counts from what was seen. */
  caughtUp(): void;
}

export function visitOf(merchantId: string, page: Pick<Window, 'localStorage' | 'sessionStorage'> = window): Visit {
  const kept = () => page.localStorage;
  const tab = () => page.sessionStorage;
  const name = `cloudtag.seen.${merchantId}`;
  let since = readItem(tab, name) ?? readItem(kept, name);
  writeItem(tab, name, since);
  return {
    since: () => since,
    saw(latest) {
      const before = readItem(kept, name);
      if (before === undefined || Date.parse(latest) > Date.parse(before)) writeItem(kept, name, latest);
    },
    caughtUp() {
      since = readItem(kept, name) ?? since;
      writeItem(tab, name, since);
    },
  };
}
