/** The part of a key press that matters here; a KeyboardEvent is one. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly target: EventTarget | null;
}

// What takes letters itself: text, and lists where letters search.
const typingPlaces =
  'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=""], [contenteditable=true], [role=combobox], [role=listbox], [role=menu], [role=textbox]';

/** The press as bindings spell it when Ctrl or ⌘ is held, such as `Mod+k`; undefined otherwise. It counts while typing, too. */
export function modifiedName({ key, ctrlKey, metaKey, altKey, shiftKey, isComposing }: KeyPress): string | undefined {
  return (ctrlKey || metaKey) && !altKey && !shiftKey && !isComposing ? `Mod+${key.toLowerCase()}` : undefined;
}

/** Whether the press belongs to the page: not while typing, not with a modifier that browser or system listen to. */
export function isShortcut(press: KeyPress): boolean {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return false;
  return !(press.target instanceof Element && press.target.closest(typingPlaces) !== null);
}

/** The press as bindings spell it: letters small, a shifted letter as `Shift+j`, everything else by the character typed. */
export function keyName({ key, shiftKey }: Pick<KeyPress, 'key' | 'shiftKey'>): string {
  // Caps lock must not turn j into Shift+j.
  if (/^[a-z]$/i.test(key)) return shiftKey ? `Shift+${key.toLowerCase()}` : key.toLowerCase();
  return key;
}

// After `g`, this long for the letter that says where to.
export const sequenceWithin = 1500;

/** Follows presses and returns which keys, one or two in sequence such as `g q`, they make. */
export class KeySequence {
  private first: { readonly name: string; readonly at: number } | undefined;

  /** The spellings to look for, the longer one first. `starts` returns whether a key begins a sequence. */
  press(name: string, now: number, starts: (name: string) => boolean): readonly string[] {
    const before = this.first;
    this.first = undefined;
    if (before !== undefined && now - before.at <= sequenceWithin) return [`${before.name} ${name}`];
    if (starts(name)) {
      this.first = { name, at: now };
      return [];
    }
    return [name];
  }
}
