import { useTranslation } from 'react-i18next';
import type { Role } from '../api/viewer.ts';

/** The roles by their names in the chosen language, in the order given. */
export function useRoleNames(): (roles: readonly Role[]) => string {
  const { t, i18n } = useTranslation();
  return (roles) =>
    roles.length === 0
      ? t('viewer.noRoles')
      : new Intl.ListFormat(i18n.language, { type: 'conjunction', style: 'narrow' }).format(roles.map((role) => t(`role.${role}`)));
}
