import { useTranslation } from 'react-i18next';
import { isLanguage } from '../i18n/language.ts';
import { formatsFor, type Formats } from './formats.ts';
import { useZone } from './ZoneContext.ts';

export function useFormats(): Formats {
  const { i18n } = useTranslation();
  const zone = useZone();
  return formatsFor(isLanguage(i18n.language) ? i18n.language : 'en', zone);
}
