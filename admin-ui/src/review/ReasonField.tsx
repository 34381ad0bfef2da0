import { Button, Input, type GetRef } from 'antd';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../gql/graphql.ts';
import { longestReason } from './decisions.ts';
import { useReasonTemplates } from './useReasonTemplates.ts';

interface ReasonFieldProps {
  readonly decision: Decision;
  readonly reason: string;
  readonly change: (reason: string) => void;
  /** Ctrl+Enter. */
  readonly submit: () => void;
  /** Escape; left out where a dialog listens to it. */
  readonly cancel?: () => void;
  readonly missing: boolean;
}

/** The reason of a decision: ready-made sentences to start from, and a field to say it in one's own words. */
export function ReasonField({ decision, reason, change, submit, cancel, missing }: ReasonFieldProps) {
  const { t } = useTranslation();
  const templates = useReasonTemplates(decision);
  const field = useRef<GetRef<typeof Input.TextArea>>(null);
  const id = useId();
  useEffect(() => field.current?.focus({ cursor: 'end' }), []);
  return (
    <div className="reason">
      <div role="group" aria-label={t('reason.templates')} className="reason-templates">
        {templates.map((template) => (
          <Button key={template} size="small" aria-pressed={template === reason} type={template === reason ? 'primary' : 'default'} onClick={() => change(template)}>
            {template}
          </Button>
        ))}
      </div>
      <label htmlFor={id}>{t('reason.label')}</label>
      <Input.TextArea
        id={id}
        ref={field}
        value={reason}
        maxLength={longestReason}
        rows={3}
        status={missing ? 'error' : ''}
        aria-invalid={missing}
        aria-describedby={`${id}-note`}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            submit();
          }
          if (event.key === 'Escape') cancel?.();
        }}
      />
      <p id={`${id}-note`} className={missing ? 'field-error' : 'hint'}>
        {missing ? t('reason.missing') : t('reason.hint')}
      </p>
    </div>
  );
}
