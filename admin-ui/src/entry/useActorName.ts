import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Who did something, in words where the product itself did. */
export function useActorName(): (actor: string) => string {
  const { t } = useTranslation();
  return useCallback(
    (actor: string) => {
      if (actor === 'system:engine') return t('entryPart.engine');
      return actor.startsWith('system:') ? t('entryPart.system') : actor;
    },
    [t],
  );
}
