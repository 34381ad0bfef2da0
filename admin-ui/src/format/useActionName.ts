import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What entries of the log record, in words; an action that is not known goes by its own name. */
export function useActionName(): (action: string) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (action: string) => {
      const key = `action.${action}`;
      return i18n.exists(key) ? t(key as 'action.case.opened') : action;
    },
    [t, i18n],
  );
}
