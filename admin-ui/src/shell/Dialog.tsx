import { Suspense, useLayoutEffect, useState } from 'react';
import { SectionBoundary } from '../console/layout/SectionBoundary.tsx';
import { lazyPage } from '../console/lazyPage.tsx';
import { useKeysPaused } from '../keys/useKeys.ts';
import type { DialogProps } from './DialogWindow.tsx';

const DialogWindow = lazyPage<DialogProps>(async () => (await import('./DialogWindow.tsx')).DialogWindow);

/** Loads what dialogs are made of; else the first that opens does. */
export const loadDialogs = DialogWindow.load;

/** A dialog: has the keyboard to itself while open, and gives the focus back to where it was. */
export function Dialog(props: DialogProps) {
  const { open } = props;
  useKeysPaused(open);
  const [used, setUsed] = useState(open);
  if (open && !used) setUsed(true);
  return (
    <>
      {/* Before the dialog: its effects run first, while the focus is still where it was. */}
      <FocusBack open={open} />
      {used && (
        <SectionBoundary>
          <Suspense fallback={null}>
            <DialogWindow {...props} />
          </Suspense>
        </SectionBoundary>
      )}
    </>
  );
}

// antd gives the focus back when a dialog closes, but not when it is taken out of the page with what it was about.
function FocusBack({ open }: { readonly open: boolean }): null {
  useLayoutEffect(() => {
    if (!open) return undefined;
    const target = document.activeElement;
    return () => {
      setTimeout(() => {
        if (target instanceof HTMLElement && target.isConnected) target.focus({ preventScroll: true });
      });
    };
  }, [open]);
  return null;
}
