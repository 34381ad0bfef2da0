import { countedUpTo, pageSize, roomFor } from './listRoom.ts';
import type { ListPhase, ListSource, ListView, Page } from './list.ts';
import type { ReadTask, Segment } from './segment.ts';

// Rows are read this far ahead of what is in sight, and kept for this many pages around it.
const margin = 60;
const keptPages = 40;
const mostReloadedPages = 5;

/**
 * A long list, read page by page as it is scrolled and changed by live events without moving what is being read: rows
 * change in place, new ones wait until the person asks for them, removed ones stay marked until they are out of view.
 * Rows far out of view are dropped and read again when needed; their places remain.
 */
export class PagedList<Row> {
  private readonly source: ListSource<Row>;
  private readonly listeners = new Set<() => void>();
  private segments: Segment[] = [];
  private order: string[] = [];
  private places: Map<string, number> | undefined;
  private readonly rows = new Map<string, Row>();
  private readonly gone = new Set<string>();
  private readonly waiting = new Map<string, Row>();
  private pinned: ReadonlySet<string> = new Set();
  private end: { readonly cursor: string | undefined; readonly more: boolean; readonly total: number } = { cursor: undefined, more: false, total: 0 };
  private wanted = { first: 0, last: 0 };
  private phase: ListPhase = 'loading';
  private error: unknown = undefined;
  private refreshing = false;
  private reading: AbortController | undefined;
  private current: ListView<Row>;

  constructor(source: ListSource<Row>) {
    this.source = source;
    this.current = this.snapshot();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  readonly view = (): ListView<Row> => this.current;

  /** Refetches from the top down to the visible rows, and replaces what is shown in one step. */
  async reload(outer?: AbortSignal): Promise<void> {
    const aborter = this.takeOver(outer);
    this.refreshing = true;
    this.changed();
    try {
      await this.readFromTop(aborter.signal);
    } catch (error) {
      if (!aborter.signal.aborted) this.fail(error);
      throw error;
    } finally {
      if (this.reading === aborter) {
        this.reading = undefined;
        this.refreshing = false;
        this.changed();
      }
    }
    this.readOn();
  }

  /** Reports which rows are visible, so that they and those around them are read. */
  inSight(first: number, last: number): void {
    if (first === this.wanted.first && last === this.wanted.last) return;
    this.wanted = { first, last };
    this.readOn();
  }

  /** Keeps these rows, which are selected, however far out of view they are. */
  pin(ids: ReadonlySet<string>): void {
    this.pinned = ids;
  }

  /** Tries again what failed. */
  retry(): void {
    this.error = undefined;
    if (this.phase === 'ready') this.readOn();
    else void this.reload().catch(() => undefined);
  }

  /** Applies newer states of rows: from live events, or from the response to the person's own change. */
  upsert(rows: readonly Row[]): void {
    for (const row of rows) this.upsertOne(row);
    this.changed();
  }

  /** Drops marked rows that are out of view. Returns how many of them were above it. */
  dropGone(first: number, last: number): number {
    if (this.gone.size === 0) return 0;
    const drop = new Set([...this.gone].filter((id) => {
      const index = this.current.indexOf(id);
      return index < first || index > last;
    }));
    if (drop.size === 0) return 0;
    const above = [...drop].filter((id) => this.current.indexOf(id) < first).length;
    for (const segment of this.segments) {
      if (segment.ids.some((id) => drop.has(id))) segment.ids = segment.ids.filter((id) => !drop.has(id));
    }
    for (const id of drop) this.forget(id);
    this.end = { ...this.end, total: this.end.total > countedUpTo ? this.end.total : Math.max(0, this.end.total - drop.size) };
    this.reorder();
    this.changed();
    return above;
  }

  close(): void {
    this.reading?.abort();
    this.listeners.clear();
  }

  private takeOver(outer: AbortSignal | undefined): AbortController {
    this.reading?.abort();
    const aborter = new AbortController();
    outer?.addEventListener('abort', () => aborter.abort(outer.reason), { once: true });
    this.reading = aborter;
    return aborter;
  }

  private async readFromTop(signal: AbortSignal): Promise<void> {
    const pages: { readonly after: string | undefined; readonly page: Page<Row> }[] = [];
    const needed = this.wanted.last + 1;
    let after: string | undefined;
    let count = 0;
    do {
      // Each page begins where the one before ends.
      // oxlint-disable-next-line no-await-in-loop
      const page = await this.source.page(after, signal);
      signal.throwIfAborted();
      pages.push({ after, page });
      count += page.rows.length;
      if (!page.hasNextPage || page.endCursor === null) break;
      after = page.endCursor;
    } while (count < needed && pages.length < mostReloadedPages);
    this.replaceBy(pages);
  }

  private replaceBy(pages: readonly { readonly after: string | undefined; readonly page: Page<Row> }[]): void {
    const newer = new Map(this.rows);
    this.segments = [];
    this.order = [];
    this.places = undefined;
    this.rows.clear();
    this.gone.clear();
    for (const { after, page } of pages) this.append(after, page);
    // Events that arrived while the pages were being read are newer.
    for (const row of newer.values()) {
      const read = this.rows.get(this.source.id(row));
      if (read !== undefined && this.source.version(row) > this.source.version(read)) this.upsertOne(row);
    }
    for (const [id, row] of this.waiting) if (this.rows.has(id) || !this.isNews(row)) this.waiting.delete(id);
    this.phase = 'ready';
    this.error = undefined;
  }

  private append(after: string | undefined, page: Page<Row>): void {
    const ids: string[] = [];
    for (const row of page.rows) {
      const id = this.source.id(row);
      // A row that moved down between two reads keeps its first place.
      if (!this.rows.has(id) && !this.placeOf().has(id)) {
        this.placeOf().set(id, this.order.length);
        this.order.push(id);
        ids.push(id);
      }
      this.keepNewer(id, row);
      this.waiting.delete(id);
    }
    this.segments.push({ after, ids });
    this.end = { cursor: page.endCursor ?? undefined, more: page.hasNextPage && page.endCursor !== null, total: page.totalCount ?? this.end.total };
  }

  private keepNewer(id: string, row: Row): void {
    const held = this.rows.get(id);
    if (held === undefined || this.source.version(row) >= this.source.version(held)) this.rows.set(id, row);
  }

  private upsertOne(row: Row): void {
    const id = this.source.id(row);
    const held = this.rows.get(id) ?? this.waiting.get(id);
    if (held !== undefined && this.source.version(row) < this.source.version(held)) return;
    if (this.placeOf().has(id)) {
      if (this.rows.has(id)) this.rows.set(id, row);
      if (this.source.matches(row)) this.gone.delete(id);
      else this.gone.add(id);
    } else if (this.source.matches(row) && this.isNews(row)) this.waiting.set(id, row);
    else this.waiting.delete(id);
  }

  // A row below the last page read does not count as new: scrolling loads it.
  private isNews(row: Row): boolean {
    if (!this.end.more) return true;
    const lastId = this.order.at(-1);
    const last = lastId === undefined ? undefined : this.rows.get(lastId);
    return last !== undefined && this.source.compare(row, last) < 0;
  }

  private readOn(): void {
    if (this.reading !== undefined || this.phase !== 'ready' || this.error !== undefined) return;
    const task = this.nextRead();
    if (task === undefined) return;
    void this.readOne(task);
  }

  private async readOne({ after, segment }: ReadTask): Promise<void> {
    const aborter = this.takeOver(undefined);
    try {
      const page = await this.source.page(after, aborter.signal);
      if (this.reading !== aborter) return;
      if (segment === undefined) this.append(after, page);
      else this.refill(segment, page);
      this.letGo();
    } catch (error) {
      if (this.reading !== aborter) return;
      this.fail(error);
    }
    this.reading = undefined;
    this.changed();
    this.readOn();
  }

  private nextRead(): ReadTask | undefined {
    const first = Math.max(0, this.wanted.first - margin);
    const last = this.wanted.last + margin;
    let start = 0;
    for (const segment of this.segments) {
      const stop = start + segment.ids.length;
      if (stop > first && start <= last && segment.ids.some((id) => !this.rows.has(id))) return { after: segment.after, segment };
      start = stop;
    }
    return this.end.more && last >= this.order.length ? { after: this.end.cursor, segment: undefined } : undefined;
  }

  private refill(segment: Segment, page: Page<Row>): void {
    const own = new Set(segment.ids);
    for (const row of page.rows) this.keepNewer(this.source.id(row), row);
    const ids = page.rows.map((row) => this.source.id(row)).filter((id) => own.has(id) || !this.placeOf().has(id));
    const changed = ids.length !== segment.ids.length || ids.some((id, index) => id !== segment.ids[index]);
    for (const id of own) if (!ids.includes(id)) this.forget(id);
    segment.ids = ids;
    if (changed) this.reorder();
  }

  private letGo(): void {
    if (this.rows.size <= 2 * keptPages * pageSize) return;
    const half = (keptPages / 2) * pageSize;
    for (const id of this.rows.keys()) {
      const place = this.placeOf().get(id) ?? 0;
      const far = place < this.wanted.first - half || place > this.wanted.last + half;
      if (far && !this.pinned.has(id)) this.rows.delete(id);
    }
  }

  private forget(id: string): void {
    this.rows.delete(id);
    this.gone.delete(id);
  }

  private reorder(): void {
    this.order = this.segments.flatMap(({ ids }) => ids);
    this.places = undefined;
  }

  private placeOf(): Map<string, number> {
    this.places ??= new Map(this.order.map((id, index) => [id, index]));
    return this.places;
  }

  private fail(error: unknown): void {
    this.error = error;
    if (this.phase === 'loading') this.phase = 'failed';
  }

  private changed(): void {
    this.current = this.snapshot();
    for (const listener of this.listeners) listener();
  }

  private snapshot(): ListView<Row> {
    const known = this.order.length;
    const { more, total } = this.end;
    return {
      phase: this.phase,
      error: this.error,
      refreshing: this.refreshing,
      count: more ? roomFor(known, total) : known,
      exact: !more || total <= countedUpTo,
      arrivals: this.waiting.size,
      at: (index) => {
        const id = this.order[index];
        return id === undefined ? undefined : this.rows.get(id);
      },
      get: (id) => this.rows.get(id),
      indexOf: (id) => this.placeOf().get(id) ?? -1,
      isGone: (id) => this.gone.has(id),
    };
  }
}
