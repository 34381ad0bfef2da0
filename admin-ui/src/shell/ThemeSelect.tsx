import { useTranslation } from 'react-i18next';
import { isTheme, themes } from '../preferences/theme.ts';
import { useTheme } from '../preferences/ThemeContext.ts';

export function ThemeSelect() {
  const { t } = useTranslation();
  const { theme, choose } = useTheme();
  return (
    <select
      aria-label={t('theme.label')}
      value={theme}
      onChange={(event) => {
        if (isTheme(event.target.value)) choose(event.target.value);
      }}
    >
      {themes.map((option) => (
        <option key={option} value={option}>
          {t(`theme.${option}`)}
        </option>
      ))}
    </select>
  );
}
