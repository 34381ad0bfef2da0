import { useTranslation } from 'react-i18next';
import { densities } from '../preferences/density.ts';
import { usePreference } from '../preferences/PreferencesContext.ts';
import { themes } from '../preferences/theme.ts';

export function ThemeSelect() {
  const { t } = useTranslation();
  const [theme, choose] = usePreference('theme');
  return <Choice label={t('theme.label')} value={theme} options={themes.map((value) => ({ value, label: t(`theme.${value}`) }))} choose={choose} />;
}

export function DensitySelect() {
  const { t } = useTranslation();
  const [density, choose] = usePreference('density');
  return <Choice label={t('density.label')} value={density} options={densities.map((value) => ({ value, label: t(`density.${value}`) }))} choose={choose} />;
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly choose: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, options, choose }: ChoiceProps<Value>) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value);
        if (chosen !== undefined) choose(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
