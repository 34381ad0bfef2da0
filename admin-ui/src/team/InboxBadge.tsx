import { useTranslation } from 'react-i18next';
import { useFormats } from '../format/useFormats.ts';
import { useInbox, useInboxChanges } from './useInbox.ts';

/** How many entries of the inbox are unread, live; nothing for none. */
export function InboxBadge() {
  const { t } = useTranslation();
  const formats = useFormats();
  useInboxChanges();
  const unread = useInbox()?.unread ?? 0;
  if (unread === 0) return null;
  const count = unread >= 100 ? '99+' : formats.number(unread);
  return (
    <span className="nav-badge" title={t('inbox.unreadCount', { count })}>
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden">{t('inbox.unreadCount', { count })}</span>
    </span>
  );
}
