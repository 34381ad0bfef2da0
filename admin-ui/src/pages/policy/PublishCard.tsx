import { Button, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { PolicyStandingQuery } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { Input, TextArea } from '../../shell/Input.ts';
import { Field } from './NumbersForm.tsx';
import type { Problems } from './policyDraft.ts';

export interface Publication {
  readonly reason: string;
  /** Undefined: at once. */
  readonly startsAt: string | undefined;
}

interface PublishCardProps {
  readonly timeline: PolicyStandingQuery['policyTimeline'];
  readonly startReason: string;
  readonly problems: Problems;
  readonly busy: boolean;
  /** Whether exactly this draft was simulated, and changes what is in force. */
  readonly ready: boolean;
  readonly publish: (publication: Publication) => void;
}

/** Publishing: why, from when, and by whom: alone, or through a second person. */
export function PublishCard({ timeline: { inForce, scheduled, latest }, startReason, problems, busy, ready, publish }: PublishCardProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [reason, setReason] = useState(startReason);
  const [later, setLater] = useState(false);
  const [start, setStart] = useState('');
  const startsAt = later && start !== '' ? new Date(start).toISOString() : undefined;
  const complete = reason.trim() !== '' && (!later || startsAt !== undefined);
  return (
    <Card title={t('policy.publish')}>
      <p className="hint">{t(inForce.requireApproval ? 'policy.publishByTwo' : 'policy.publishHint')}</p>
      <Field name="reason" label={t('reason.label')} problem={problems['reason']}>
        {(control) => <TextArea {...control} rows={3} maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <Radio.Group
        className="policy-start"
        aria-label={t('policy.start')}
        value={later}
        onChange={(event) => setLater(event.target.value === true)}
        options={[
          { value: false, label: t('policy.startsNow') },
          { value: true, label: t('policy.startsLater') },
        ]}
      />
      {later && (
        <Field name="startsAt" label={t('policy.startTime')} problem={problems['startsAt']}>
          {(control) => <Input {...control} type="datetime-local" value={start} onChange={(event) => setStart(event.target.value)} />}
        </Field>
      )}
      {later && startsAt !== undefined && <p className="hint">{t('policy.startsAt', { at: formats.zonedTime(startsAt) })}</p>}
      {scheduled !== null && <p className="policy-stale">{t('policy.waitsFirst', { version: scheduled.version })}</p>}
      {!ready && scheduled === null && <p className="hint">{t('policy.notReady')}</p>}
      <div className="policy-buttons">
        <Button type="primary" loading={busy} disabled={!ready || !complete || scheduled !== null} onClick={() => publish({ reason: reason.trim(), startsAt })}>
          {t(inForce.requireApproval ? 'policy.propose' : later ? 'policy.schedule' : 'policy.publishAs', { version: latest.version + 1 })}
        </Button>
      </div>
    </Card>
  );
}
