import type { Texts } from './zh-CN.ts';

// Makes a misspelt key a type error.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Texts };
  }
}
