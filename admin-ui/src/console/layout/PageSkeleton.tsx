import { useTranslation } from 'react-i18next';

/** The outline of a page, until it can be shown. */
export function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <output className="visually-hidden">{t('console.opening')}</output>
      <div className="skeleton is-title" />
      <div className="skeleton is-card" />
      <div className="skeleton is-card" />
    </div>
  );
}
