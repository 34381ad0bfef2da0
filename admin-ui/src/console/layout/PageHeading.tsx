import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAlerts } from '../AlertsContext.ts';

interface PageHeadingProps {
  readonly title: string;
  /** Beside the heading: figures, buttons. */
  readonly children?: ReactNode;
}

// The first page gets the focus from the browser; only later ones are announced by moving it.
let navigated = false;

/** The page's h1 and document title, which begins with what needs attention. Takes the focus after a navigation, so that screen readers say where one is. */
export function PageHeading({ title, children }: PageHeadingProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const alerts = useAlerts();
  const pageTitle = t('console.title', { page: title });
  const documentTitle = alerts === '' ? pageTitle : t('console.alerts', { alerts, title: pageTitle });
  useEffect(() => {
    document.title = documentTitle;
  }, [documentTitle]);
  useEffect(() => {
    if (navigated) heading.current?.focus({ preventScroll: true });
    navigated = true;
  }, []);
  return (
    <div className="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}
