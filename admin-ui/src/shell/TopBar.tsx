import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageSelect } from './LanguageSelect.tsx';
import type { PageName } from './PageTitle.tsx';
import { ThemeSelect } from './PreferenceSelect.tsx';

const pages: readonly { readonly name: PageName; readonly href: string }[] = [
  { name: 'start', href: '/' },
  { name: 'graphiql', href: '/graphiql' },
];

interface TopBarProps {
  readonly current: PageName;
  /** What the page adds to the bar, the state of the sign-in for instance. */
  readonly children?: ReactNode;
}

export function TopBar({ current, children }: TopBarProps) {
  const { t } = useTranslation();
  return (
    <header className="top-bar">
      <span className="brand">{t('brand')}</span>
      <nav aria-label={t('nav.label')}>
        {pages.map(({ name, href }) => (
          <a key={name} href={href} aria-current={name === current ? 'page' : undefined}>
            {t(`nav.${name}`)}
          </a>
        ))}
      </nav>
      <div className="top-bar-tools">
        {children}
        <LanguageSelect />
        <ThemeSelect />
      </div>
    </header>
  );
}
