import { Modal } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
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
  useFocusBack(open);
  return (
    <Modal open={open} title={title} onCancel={close} footer={footer} width={width} destroyOnHidden transitionName="" maskTransitionName="">
      {children}
    </Modal>
  );
}

// antd gives the focus back when a dialog closes, but not when it is taken out of the page with what it was about.
function useFocusBack(open: boolean): void {
  const before = useRef<Element | null>(null);
  // While rendering: effects run only after the dialog has taken the focus.
  if (open && before.current === null) before.current = document.activeElement;
  useEffect(() => {
    if (!open) return undefined;
    return () => {
      const target = before.current;
      before.current = null;
      setTimeout(() => {
        if (target instanceof HTMLElement && target.isConnected) target.focus({ preventScroll: true });
      });
    };
  }, [open]);
}
