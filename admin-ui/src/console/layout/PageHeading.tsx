import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface PageHeadingProps {
  readonly title: string;
  /** Beside the heading: figures, buttons. */
  readonly children?: ReactNode;
}

// The first page gets the focus from the browser; only later ones are announced by moving it.
let navigated = false;

/** The page's h1 and document title. Takes the focus after a navigation, so that screen readers say where one is. */
export function PageHeading({ title, children }: PageHeadingProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const documentTitle = t('console.title', { page: title });
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
