import { Select } from 'antd';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../data/useRead.ts';
import type { FieldProblems } from '../../data/userErrors.ts';
import { WebhookTypesDocument } from '../../gql/graphql.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { Input } from '../../shell/Input.ts';
import type { EndpointDraft } from './endpointDraft.ts';

const longestDescription = 200;

interface EndpointFieldsProps {
  readonly draft: EndpointDraft;
  readonly change: (changes: Partial<EndpointDraft>) => void;
  readonly problems: FieldProblems<keyof EndpointDraft>['at'];
}

/** Where an endpoint is, what it is for, and which events it receives. */
export function EndpointFields({ draft, change, problems }: EndpointFieldsProps) {
  const { t } = useTranslation();
  const types = useRead(WebhookTypesDocument, {}, { key: ['webhookTypes'] });
  const id = useId();
  return (
    <>
      <div className="form-field">
        <label htmlFor={`${id}-url`}>{t('webhooks.url')}</label>
        <Input id={`${id}-url`} type="url" value={draft.url} {...noteProps(problems.url, `${id}-url-note`, true)} onChange={(event) => change({ url: event.target.value })} />
        <Note id={`${id}-url-note`} problem={problems.url} hint={t('webhooks.urlHint')} />
      </div>
      <div className="form-field">
        <label htmlFor={`${id}-description`}>{t('webhooks.description')}</label>
        <Input
          id={`${id}-description`}
          maxLength={longestDescription}
          value={draft.description}
          {...noteProps(problems.description, `${id}-description-note`, false)}
          onChange={(event) => change({ description: event.target.value })}
        />
        <Note id={`${id}-description-note`} problem={problems.description} />
      </div>
      <div className="form-field">
        <span className="label" aria-hidden="true">
          {t('webhooks.types')}
        </span>
        <Select<string[]>
          mode="multiple"
          aria-label={t('webhooks.types')}
          value={[...draft.types]}
          options={(types.data?.webhookTypes ?? []).map((value) => ({ value, label: value }))}
          {...noteProps(problems.types, `${id}-types-note`, true)}
          onChange={(chosen) => change({ types: chosen })}
        />
        <Note id={`${id}-types-note`} problem={problems.types} hint={t('webhooks.typesHint')} />
        {types.error !== null && <FailureNotice error={types.error} retry={() => void types.refetch()} />}
      </div>
    </>
  );
}

// What ties a control to its note, where there is one.
function noteProps(problem: string | undefined, note: string, hasHint: boolean) {
  const status: 'error' | '' = problem === undefined ? '' : 'error';
  return { status, 'aria-invalid': problem !== undefined, ...((hasHint || problem !== undefined) && { 'aria-describedby': note }) };
}

/** What is wrong with a field, read out as it appears; else what it is to hold. */
function Note({ id, problem, hint }: { readonly id: string; readonly problem: string | undefined; readonly hint?: ReactNode }) {
  if (problem === undefined) return hint === undefined ? null : <p id={id} className="hint">{hint}</p>;
  return (
    <p id={id} role="alert" className="field-error lines">
      {problem}
    </p>
  );
}
