import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { deskTexts } from '../../i18n/deskTexts.ts';
import { addTexts } from '../../i18n/lateTexts.ts';

/** A page of a shop's desk, with the texts that come with it. */
export function DeskTexts({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation();
  // Before the first text is asked for, so not in an effect.
  useState(() => addTexts(i18n, deskTexts));
  return children;
}
