import { Button, type GetRef } from 'antd';
import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { TextArea } from '../shell/Input.ts';
import { longestReason } from './decisions.ts';
import type { OfferedReason } from './useReadyReasons.ts';

interface ReasonFieldProps {
  readonly offered: readonly OfferedReason[];
  readonly reason: string;
  readonly change: (reason: string) => void;
  /** Ctrl+Enter. */
  readonly submit: () => void;
  /** Escape; left out where a dialog listens to it. */
  readonly cancel?: () => void;
  readonly missing: boolean;
  readonly rows?: number;
}

/** The reason of a decision: ready-made sentences to start from, and a field to say it in one's own words. */
export function ReasonField({ offered, reason, change, submit, cancel, missing, rows = 3 }: ReasonFieldProps) {
  const { t } = useTranslation();
  const field = useRef<GetRef<typeof TextArea>>(null);
  const id = useId();
  useEffect(() => field.current?.focus({ cursor: 'end' }), []);

  function keyDown(event: KeyboardEvent): void {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    const chosen = event.altKey && digit !== undefined ? offered[Number(digit) - 1] : undefined;
    if (chosen !== undefined) {
      event.preventDefault();
      change(chosen.text);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape') cancel?.();
  }

  return (
    <div className="reason">
      <div role="group" aria-label={t('reason.templates')} hidden={offered.length === 0} className="reason-templates">
        {offered.map(({ text }, index) => (
          <Button key={text} size="small" aria-pressed={text === reason} type={text === reason ? 'primary' : 'default'} aria-keyshortcuts={`Alt+${index + 1}`} onClick={() => change(text)}>
            {text} <kbd aria-hidden="true">{index + 1}</kbd>
          </Button>
        ))}
      </div>
      <label htmlFor={id}>{t('reason.label')}</label>
      <TextArea
        id={id}
        ref={field}
        value={reason}
        maxLength={longestReason}
        rows={rows}
        status={missing ? 'error' : ''}
        aria-invalid={missing}
        aria-describedby={`${id}-note`}
        onChange={(event) => change(event.target.value)}
        onKeyDown={keyDown}
      />
      <p id={`${id}-note`} className={missing ? 'field-error' : 'hint'}>
        {missing ? t('reason.missing') : t('reason.hint')}
      </p>
    </div>
  );
}
