// oxlint-disable-next-line no-restricted-imports
import { Modal } from 'antd';
import type { ReactNode } from 'react';

export interface DialogProps {
  readonly open: boolean;
  readonly title: ReactNode;
  readonly close: () => void;
  readonly children: ReactNode;
  /** Buttons at the end; none when left out. */
  readonly footer?: ReactNode;
  readonly width?: number;
}

/** The window of a dialog. */
export function DialogWindow({ open, title, close, children, footer = null, width = 560 }: DialogProps) {
  return (
    <Modal open={open} title={title} onCancel={close} footer={footer} width={width} destroyOnHidden transitionName="" maskTransitionName="">
      {children}
    </Modal>
  );
}
