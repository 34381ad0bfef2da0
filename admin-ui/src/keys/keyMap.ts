import { isShortcut, keyName, KeySequence, modifiedName } from './keyMatching.ts';
import type { KeyBinding, KeyMap } from './KeysContext.ts';

/** Listens to the page's keys, once for all. `stop` ends it. */
export function openKeyMap(page: Pick<Window, 'addEventListener' | 'removeEventListener'>): KeyMap & { stop(): void } {
  const sources: (() => readonly KeyBinding[])[] = [];
  const sequence = new KeySequence();
  let pauses = 0;

  // Later sources first: what is deeper in the page, and opened later, knows better.
  function list(): readonly KeyBinding[] {
    const byKeys = new Map<string, KeyBinding>();
    for (const source of sources.toReversed()) {
      for (const binding of source()) if (!byKeys.has(binding.keys)) byKeys.set(binding.keys, binding);
    }
    return [...byKeys.values()];
  }

  function pressed(event: KeyboardEvent): void {
    if (pauses > 0 || event.defaultPrevented) return;
    const bindings = list();
    const modified = bindings.find(({ keys }) => keys === modifiedName(event));
    if (modified !== undefined) {
      event.preventDefault();
      modified.run();
      return;
    }
    if (!isShortcut(event)) return;
    const starts = (name: string) => bindings.some(({ keys }) => keys.startsWith(`${name} `));
    for (const keys of sequence.press(keyName(event), event.timeStamp, starts)) {
      const binding = bindings.find((candidate) => candidate.keys === keys);
      if (binding === undefined) continue;
      event.preventDefault();
      binding.run();
      return;
    }
  }

  page.addEventListener('keydown', pressed);
  return {
    list,
    add(source) {
      sources.push(source);
      return () => {
        sources.splice(sources.indexOf(source), 1);
      };
    },
    pause() {
      pauses += 1;
      let paused = true;
      return () => {
        if (paused) pauses -= 1;
        paused = false;
      };
    },
    stop: () => page.removeEventListener('keydown', pressed),
  };
}
