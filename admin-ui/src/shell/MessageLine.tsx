import { message } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import type { MessageKind } from './useMessages.ts';

export interface SaidMessage {
  readonly kind: MessageKind;
  readonly content: ReactNode;
}

export interface MessageLineProps {
  /** All messages so far: each is shown once. */
  readonly said: readonly SaidMessage[];
}

/** Shows messages over the page. */
export function MessageLine({ said }: MessageLineProps) {
  const [messages, place] = message.useMessage();
  const shown = useRef(0);
  useEffect(() => {
    for (const { kind, content } of said.slice(shown.current)) void messages[kind](content);
    shown.current = said.length;
  }, [said, messages]);
  return place;
}
