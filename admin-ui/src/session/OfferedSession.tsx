import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession, useSessionState } from './SessionContext.ts';
import { personOf } from './token.ts';

/** Asks before a sign-in link replaces who is signed in. */
export function OfferedSession() {
  const { token, offered } = useSessionState();
  if (token === undefined || offered === undefined) return null;
  return <OfferedDialog key={offered} token={token} offered={offered} />;
}

interface OfferedDialogProps {
  readonly token: string;
  readonly offered: string;
}

// The browser's own dialog: it traps the keyboard on every page, GraphiQL's included.
function OfferedDialog({ token, offered }: OfferedDialogProps) {
  const { t } = useTranslation();
  const session = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const name = (of: string) => personOf(of)?.subject ?? t('signIn.offer.unknown');
  return (
    <dialog ref={dialog} className="side offered" aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`} onCancel={session.leaveOffered} onKeyDown={keepFromPage}>
      <h2 id={`${id}-title`}>{t('signIn.offer.title')}</h2>
      <div id={`${id}-text`}>
        <dl>
          <dt>{t('signIn.offer.now')}</dt>
          <dd>{name(token)}</dd>
          <dt>{t('signIn.offer.link')}</dt>
          <dd>{name(offered)}</dd>
        </dl>
        <p>{t('signIn.offer.text')}</p>
      </div>
      <div className="actions">
        <button type="button" className="primary" onClick={session.leaveOffered}>
          {t('signIn.offer.stay')}
        </button>
        <button type="button" onClick={session.takeOffered}>
          {t('signIn.offer.change')}
        </button>
      </div>
    </dialog>
  );
}

// Keeps keys from the page's own shortcuts.
function keepFromPage(event: KeyboardEvent): void {
  event.stopPropagation();
}
