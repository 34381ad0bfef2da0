import { Suspense, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { useKeys } from '../keys/useKeys.ts';
import { Palette } from '../palette/Palette.tsx';
import { UndoBar } from '../review/UndoBar.tsx';
import { useMessages } from '../shell/useMessages.ts';
import { AlertsContext } from './AlertsContext.ts';
import { useQueueAlerts } from './useQueueAlerts.ts';
import { KeyHelp } from './layout/KeyHelp.tsx';
import { PageHeading } from './layout/PageHeading.tsx';
import { PageSkeleton } from './layout/PageSkeleton.tsx';
import { takeReloaded } from './lazyPage.tsx';
import { SectionBoundary } from './layout/SectionBoundary.tsx';
import { Side } from './layout/Side.tsx';
import { pageComponents, recordPages } from './pageComponents.ts';
import { consolePages } from './pages.ts';
import { useConsoleViewer } from './ViewerContext.ts';

/** The frame of every page: bar, skip link, keys for getting about, and the page that the address names. */
export function Console() {
  const { t } = useTranslation();
  const [keysShown, setKeysShown] = useState(false);
  const [finding, setFinding] = useState(false);
  const find = () => setFinding(true);
  useConsoleKeys(() => setKeysShown(true), find);
  const message = useMessages();
  const sayReloaded = useEffectEvent(() => void (takeReloaded() && message.info(t('console.reloaded'))));
  useEffect(() => sayReloaded(), []);
  return (
    <div className="console">
      <button type="button" className="skip-link" onClick={() => document.getElementById('main')?.focus()}>
        {t('console.skip')}
      </button>
      <Side showKeys={() => setKeysShown(true)} find={find} />
      <main id="main" tabIndex={-1}>
        <AlertedPages />
      </main>
      <UndoBar />
      {finding && (
        <SectionBoundary>
          <Palette close={() => setFinding(false)} />
        </SectionBoundary>
      )}
      <KeyHelp open={keysShown} close={() => setKeysShown(false)} />
    </div>
  );
}

// What is new changes the title of whatever page is open, and of nothing else.
function AlertedPages() {
  const alerts = useQueueAlerts();
  return (
    <AlertsContext value={alerts}>
      <Pages />
    </AlertsContext>
  );
}

function Pages() {
  const viewer = useConsoleViewer();
  const { pathname } = useLocation();
  const allowed = consolePages.filter((page) => page.may(viewer));
  return (
    // Another page is another chance: a fault does not outlive it. Cases share one page, with the queue beside them.
    <SectionBoundary key={pathname.startsWith('/cases/') ? '/cases' : pathname}>
      <Suspense fallback={<PageSkeleton />}>
        <Routes>
          <Route path="/" element={<Navigate to={allowed[0]?.path ?? '/start'} replace />} />
          {allowed.map(({ name, path }) => {
            const Page = pageComponents[name];
            return <Route key={name} path={path} element={<Page />} />;
          })}
          {recordPages
            .filter((page) => page.may(viewer))
            .map(({ path, Page }) => (
              <Route key={path} path={path} element={<Page />} />
            ))}
          <Route path="*" element={<NoPage />} />
        </Routes>
      </Suspense>
    </SectionBoundary>
  );
}

function NoPage() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <PageHeading title={t('console.noPage')} />
      <p>{t('console.noPageText')}</p>
    </div>
  );
}

function useConsoleKeys(showKeys: () => void, find: () => void): void {
  const { t } = useTranslation();
  const viewer = useConsoleViewer();
  const navigate = useNavigate();
  useKeys([
    { keys: 'Mod+k', label: t('keys.find'), group: 'everywhere', run: find },
    { keys: '?', label: t('keys.help'), group: 'everywhere', run: showKeys },
    ...consolePages
      .filter((page) => page.may(viewer))
      .map(({ name, path, letter }) => ({
        keys: `g ${letter}`,
        label: t(`nav.${name}`),
        group: 'goTo' as const,
        run: () => void navigate(path),
      })),
  ]);
}
