import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

export type PageName = 'start' | 'graphiql';

/** Keeps the document's title and language in step with the chosen language. Renders nothing. */
export function PageTitle({ name }: { readonly name: PageName }): null {
  const { t, i18n } = useTranslation();
  const title = t(`title.${name}`);
  useEffect(() => {
    document.title = title;
    document.documentElement.lang = i18n.language;
  }, [title, i18n.language]);
  return null;
}
