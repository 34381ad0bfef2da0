import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useConsoleViewer } from '../console/ViewerContext.ts';
import { moveOf } from '../grid/gridMoves.ts';
import { useKeysPaused } from '../keys/useKeys.ts';
import { FailureSentence } from '../shell/FailureNotice.tsx';
import { entryKinds, type PaletteEntry } from './entries.ts';
import { rememberEntry } from './recent.ts';
import { useFinding } from './useFinding.ts';
import './palette.css';

// As many as PageUp and PageDown go by.
const leap = 8;

/** Goes to a page or a record by a name, a number, or its beginning. */
export function Palette({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const viewer = useConsoleViewer();
  const navigate = useNavigate();
  const id = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const { entries, busy, error } = useFinding(text);
  const at = Math.min(active, entries.length - 1);
  const dialog = useModal();
  useKeysPaused(true);

  function go(entry: PaletteEntry | undefined): void {
    // Enter waits for the results of the server.
    if (entry === undefined || (busy && entry.kind === 'search')) return;
    if (entry.kind !== 'search' && entry.kind !== 'page') rememberEntry(viewer.id, entry);
    dialog.current?.close();
    void navigate(entry.path);
  }

  function keyDown(event: KeyboardEvent): void {
    // Keeps keys from the page's own shortcuts.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const target = event.key === 'Home' || event.key === 'End' ? undefined : moveOf(event.key, at, entries.length, leap);
    if (target !== undefined) setActive(target);
    else if (event.key === 'Enter') go(entries[at]);
    else return;
    event.preventDefault();
  }

  return (
    // A click beside it closes it, as Escape does.
    // oxlint-disable-next-line no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t('palette.title')}
      // Once it is closed, with the focus back where it was; it may have been opened again meanwhile.
      onClose={(event) => event.currentTarget.open || close()}
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
      onKeyDown={keyDown}
    >
      <input
        type="text"
        role="combobox"
        aria-label={t('palette.title')}
        aria-expanded={entries.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={entries.length > 0 ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={t('palette.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
      />
      <EntryList id={id} entries={entries} active={at} go={go} />
      <p className="hint palette-foot" role="status">
        {error !== null ? <FailureSentence error={error} /> : busy ? t('palette.busy') : text.trim() === '' ? t('palette.hint') : t('palette.count', { count: entries.length })}
      </p>
    </dialog>
  );
}

// The browser's own dialog: it has the keyboard to itself, and gives the focus back where it is closed without going anywhere.
function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return dialog;
}

interface EntryListProps {
  readonly id: string;
  readonly entries: readonly PaletteEntry[];
  readonly active: number;
  readonly go: (entry: PaletteEntry) => void;
}

function EntryList({ id, entries, active, go }: EntryListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <div ref={list} id={`${id}-list`} role="listbox" tabIndex={-1} aria-label={t('palette.title')} className="palette-list">
      {entryKinds
        .filter((kind) => entries.some((entry) => entry.kind === kind))
        .map((kind) => (
          <div key={kind} role="group" aria-labelledby={`${id}-${kind}`}>
            <p id={`${id}-${kind}`} className="palette-kind">
              {t(`palette.kind.${kind}`)}
            </p>
            {entries.map((entry, index) =>
              entry.kind === kind ? (
                // The field has the keyboard: options are chosen by its keys.
                // oxlint-disable-next-line click-events-have-key-events
                <div key={entry.path} id={`${id}-${index}`} role="option" tabIndex={-1} aria-selected={index === active} className="palette-entry" onClick={() => go(entry)}>
                  <span className="palette-name">{entry.name}</span>
                  <span className="hint">{entry.hint}</span>
                </div>
              ) : null,
            )}
          </div>
        ))}
    </div>
  );
}
