import { Modal } from 'antd';
import { useLayoutEffect, type ReactNode } from 'react';
import { useKeysPaused } from '../keys/useKeys.ts';

interface DialogProps {
  readonly open: boolean;
  readonly title: ReactNode;
  readonly close: () => void;
  readonly children: ReactNode;
  /** Buttons at the end; none when left out. */
  readonly footer?: ReactNode;
  readonly width?: number;
}

/** A dialog: has the keyboard to itself while open, and gives the focus back to where it was. */
export function Dialog({ open, title, close, children, footer = null, width = 560 }: DialogProps) {
  useKeysPaused(open);
  return (
    <>
      {/* Before the dialog: its effects run first, while the focus is still where it was. */}
      <FocusBack open={open} />
      <Modal open={open} title={title} onCancel={close} footer={footer} width={width} destroyOnHidden transitionName="" maskTransitionName="">
        {children}
      </Modal>
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
