import { Search } from 'lucide-react';
import { useId, useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { useZone } from '../../format/ZoneContext.ts';
import { modifierKey } from '../../keys/modifierKey.ts';
import { useSession } from '../../session/SessionContext.ts';
import { LanguageSelect } from '../../shell/LanguageSelect.tsx';
import { DensitySelect, ThemeSelect } from '../../shell/PreferenceSelect.tsx';
import { useRoleNames } from '../../shell/useRoleNames.ts';
import { InboxBadge } from '../../team/InboxBadge.tsx';
import { consolePages, type ConsolePageName } from '../pages.ts';
import { useConsoleViewer } from '../ViewerContext.ts';
import { ConnectionBadge } from './ConnectionBadge.tsx';
import { graphiqlIcon as GraphiqlIcon, pageIcons } from './pageIcons.ts';

interface SideProps {
  readonly showKeys: () => void;
  readonly find: () => void;
}

/** The console's bar: pages, connection, who is at work, language and appearance. Folds to a menu on narrow screens. */
export function Side({ showKeys, find }: SideProps) {
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
        <button type="button" className="side-find" aria-keyshortcuts="Control+K Meta+K" onClick={find}>
          <Search aria-hidden="true" size={16} />
          <span className="side-find-name">{t('palette.title')}</span>
          <kbd>{modifierKey()} K</kbd>
        </button>
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

const iconSize = 18;

// Beside a page's name: how much is new there.
const badges: Readonly<Partial<Record<ConsolePageName, ComponentType>>> = { inbox: InboxBadge };

function Navigation() {
  const { t } = useTranslation();
  const viewer = useConsoleViewer();
  return (
    <nav aria-label={t('nav.label')}>
      {consolePages
        .filter((page) => page.may(viewer))
        .map(({ name, path, letter }) => {
          const Badge = badges[name];
          const Icon = pageIcons[name];
          return (
            // A page with others below it is not the current one on theirs.
            <NavLink key={name} to={path} end={consolePages.some((other) => other.path.startsWith(`${path}/`))} title={`g ${letter}`}>
              <Icon aria-hidden="true" size={iconSize} strokeWidth={1.75} />
              {t(`nav.${name}`)}
              {Badge !== undefined && <Badge />}
            </NavLink>
          );
        })}
      {/* Its own page with its own security policy: a full load. */}
      <a href="/graphiql">
        <GraphiqlIcon aria-hidden="true" size={iconSize} strokeWidth={1.75} />
        {t('nav.graphiql')}
      </a>
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
      <DensitySelect />
      <button type="button" onClick={showKeys}>
        {t('keys.button')} <kbd>?</kbd>
      </button>
      <button type="button" onClick={session.signOut}>
        {t('signIn.signOut')}
      </button>
    </div>
  );
}
