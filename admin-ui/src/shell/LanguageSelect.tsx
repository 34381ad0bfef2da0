import { useTranslation } from 'react-i18next';
import { isLanguage, languages, rememberLanguage, type Language } from '../i18n/language.ts';
import { changeLanguage } from '../i18n/loadI18n.ts';

// Each language by its own name: who needs the switch can't read the other one.
const ownNames: Record<Language, string> = { 'zh-CN': '简体中文', en: 'English' };

export function LanguageSelect() {
  const { t, i18n } = useTranslation();

  function choose(value: string): void {
    if (!isLanguage(value)) return;
    void changeLanguage(i18n, value).then((changed) => changed && rememberLanguage(window, value));
  }

  return (
    <select aria-label={t('language.label')} value={i18n.language} onChange={(event) => choose(event.target.value)}>
      {languages.map((language) => (
        <option key={language} value={language} lang={language}>
          {ownNames[language]}
        </option>
      ))}
    </select>
  );
}
