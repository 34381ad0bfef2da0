import { usePreference } from '../preferences/PreferencesContext.ts';
import { useMedia } from './useMedia.ts';

// Where names take two lines, as list.css has it, rows are always high.
const narrow = '(max-width: 700px)';

/** How high rows are, in pixels, unless a grid has its own height. */
export function useRowHeight(): number {
  const [density] = usePreference('density');
  const isNarrow = useMedia(narrow);
  return density === 'compact' && !isNarrow ? 32 : 44;
}
