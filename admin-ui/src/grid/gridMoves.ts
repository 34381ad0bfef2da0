/** Where a key leads from row `index`, in a grid of `count` rows of which `visible` fit; undefined for other keys. */
export function moveOf(key: string, index: number, count: number, visible: number): number | undefined {
  const page = Math.max(1, visible - 1);
  const moves: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: count - 1,
  };
  const target = moves[key];
  return target === undefined || count === 0 ? undefined : Math.min(Math.max(target, 0), count - 1);
}

/** A selection in the making: what was selected when the anchor was set, and where that was. */
export interface Anchor {
  readonly index: number;
  readonly base: ReadonlySet<string>;
}

/** What the anchor selected, and every row from there to `index`. `idAt` gives undefined for rows not read yet. */
export function rangeSelection(anchor: Anchor, index: number, idAt: (index: number) => string | undefined): ReadonlySet<string> {
  const selected = new Set(anchor.base);
  const [first, last] = anchor.index <= index ? [anchor.index, index] : [index, anchor.index];
  for (let place = first; place <= last; place += 1) {
    const id = idAt(place);
    if (id !== undefined) selected.add(id);
  }
  return selected;
}

export function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}
