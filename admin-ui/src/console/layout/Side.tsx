import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { useZone } from '../../format/ZoneContext.ts';
import { useSession } from '../../session/SessionContext.ts';
import { LanguageSelect } from '../../shell/LanguageSelect.tsx';
import { ThemeSelect } from '../../shell/ThemeSelect.tsx';
import { useRoleNames } from '../../shell/useRoleNames.ts';
import { consolePages } from '../pages.ts';
import { useConsoleViewer } from '../ViewerContext.ts';
import { ConnectionBadge } from './ConnectionBadge.tsx';

/** The console's bar: pages, connection, who is at work, language and appearance. Folds to a menu on narrow screens. */
export function Side({ showKeys }: { readonly showKeys: () => void }) {
  const { t } = useTranslation();
  // Folded again on another page.
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string | undefined>(undefined);
  const open = openAt === pathname;
  const menu = useId();
  return (
    <header className="side">
      <div className="side-head">
        <span className="brand">{t('brand')}</span>
        <ConnectionBadge />
        <button type="button" className="side-toggle" aria-expanded={open} aria-controls={menu} onClick={() => setOpenAt(open ? undefined : pathname)}>
          {t('console.menu')}
        </button>
      </div>
      <div id={menu} className={open ? 'side-body is-open' : 'side-body'}>
        <Navigation />
        <Account showKeys={showKeys} />
      </div>
    </header>
  );
}

function Navigation() {
  const { t } = useTranslation();
  const viewer = useConsoleViewer();
  return (
    <nav aria-label={t('nav.label')}>
      {consolePages
        .filter((page) => page.may(viewer))
        .map(({ name, path, letter }) => (
          // A page with others below it is not the current one on theirs.
          <NavLink key={name} to={path} end={consolePages.some((other) => other.path.startsWith(`${path}/`))} title={`g ${letter}`}>
            {t(`nav.${name}`)}
          </NavLink>
        ))}
      {/* Its own page with its own security policy: a full load. */}
      <a href="/graphiql">{t('nav.graphiql')}</a>
    </nav>
  );
}

function Account({ showKeys }: { readonly showKeys: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const viewer = useConsoleViewer();
  const zone = useZone();
  const roleNames = useRoleNames();
  return (
    <div className="side-account">
      <p className="hint">
        {viewer.merchant?.name ?? viewer.id}
        <br />
        {roleNames(viewer.roles)}
        {zone !== undefined && (
          <>
            <br />
            {t('console.zone', { zone })}
          </>
        )}
      </p>
      <LanguageSelect />
      <ThemeSelect />
      <button type="button" onClick={showKeys}>
        {t('keys.button')} <kbd>?</kbd>
      </button>
      <button type="button" onClick={session.signOut}>
        {t('signIn.signOut')}
      </button>
    </div>
  );
}
