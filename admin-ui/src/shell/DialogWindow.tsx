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
  /** Called once the content is there: where a dialog begins at a field, that takes the focus. */
  readonly opened?: () => void;
}

/** The window of a dialog. */
export function DialogWindow({ open, title, close, children, footer = null, width = 560, opened }: DialogProps) {
  return (
    <Modal
      open={open}
      title={title}
      onCancel={close}
      afterOpenChange={(isOpen) => isOpen && opened?.()}
      footer={footer}
      width={width}
      destroyOnHidden
      transitionName=""
      maskTransitionName=""
    >
      {children}
    </Modal>
  );
}
