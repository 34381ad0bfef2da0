import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, type To } from 'react-router';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { PageHeading } from './PageHeading.tsx';

interface RecordFrameProps<Shown> {
  readonly back: { readonly to: To; readonly label: string };
  /** Null when there is none; undefined while it is not known. */
  readonly record: Shown | null | undefined;
  /** Null when reading has not failed. */
  readonly error: unknown;
  readonly retry: () => void;
  readonly missing: { readonly title: string; readonly text: string };
  readonly className?: string;
  /** In place of the record until it is there. */
  readonly skeleton?: ReactNode;
  readonly children: (record: Shown) => ReactNode;
}

/** The page of one record: the way back, and the record, or why it is not shown. */
export function RecordFrame<Shown>({ back, record, error, retry, missing, className = '', skeleton, children }: RecordFrameProps<Shown>) {
  return (
    <div className={`page ${className}`}>
      <Link className="back" to={back.to}>
        ← {back.label}
      </Link>
      {error !== null && <FailureNotice error={error} retry={retry} />}
      {record === undefined && error === null && (skeleton ?? <RecordSkeleton />)}
      {record === null && (
        <>
          <PageHeading title={missing.title} />
          <p>{missing.text}</p>
        </>
      )}
      {record !== undefined && record !== null && children(record)}
    </div>
  );
}

function RecordSkeleton() {
  const { t } = useTranslation();
  return (
    <>
      <output className="visually-hidden">{t('list.loading')}</output>
      <div className="skeleton is-title" />
      <div className="skeleton is-card" />
      <div className="skeleton is-card" />
    </>
  );
}
