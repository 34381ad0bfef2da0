import { Suspense, useLayoutEffect, useState } from 'react';
import { SectionBoundary } from '../console/layout/SectionBoundary.tsx';
import { lazyPage } from '../console/lazyPage.tsx';
import { useKeysPaused } from '../keys/useKeys.ts';
import type { DialogProps } from './DialogWindow.tsx';

const DialogWindow = lazyPage<DialogProps>(async () => (await import('./DialogWindow.tsx')).DialogWindow);

/** Preloads the dialog's code, which the first dialog loads otherwise. */
export const loadDialogs = DialogWindow.load;

/** A dialog: traps the keyboard while open, and restores the focus when closed. */
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

// antd restores the focus when a dialog closes, but not when it is unmounted together with its parent.
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
