import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { addDeskTexts } from '../../i18n/deskTexts.ts';

/** A page of a shop's desk, with the texts that come with it. */
export function DeskTexts({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation();
  // Before the first text is asked for, so not in an effect.
  useState(() => addDeskTexts(i18n));
  return children;
}
