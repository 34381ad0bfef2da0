import { Modal } from 'antd';
import type { ReactNode } from 'react';
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
    <Modal open={open} title={title} onCancel={close} footer={footer} width={width} destroyOnHidden transitionName="" maskTransitionName="">
      {children}
    </Modal>
  );
}
