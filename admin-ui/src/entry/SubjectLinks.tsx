import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { subjectParts, subjectPath } from '../console/subjectPath.ts';

/** What an entry is about, each with its kind and a link to its page. */
export function SubjectLinks({ subjects }: { readonly subjects: readonly string[] }) {
  const { t, i18n } = useTranslation();
  return (
    <ul className="plain-list">
      {subjects.map((subject) => {
        const { kind, id } = subjectParts(subject);
        const path = subjectPath(subject);
        const kindName = i18n.exists(`subjectKind.${kind}`) ? t(`subjectKind.${kind as 'case'}`) : kind;
        return (
          <li key={subject}>
            {kindName} {path === undefined ? id : <Link to={path}>{id}</Link>}{' '}
            <Link to={`/log?subject=${encodeURIComponent(subject)}`}>{t('log.only')}</Link>
          </li>
        );
      })}
    </ul>
  );
}
