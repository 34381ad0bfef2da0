import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, InputNumber } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useRead } from '../../data/useRead.ts';
import { useScenarioNames } from '../../data/useScenarioNames.ts';
import { settled } from '../../data/userErrors.ts';
import { PolicyPresetsDocument, PublishPolicyDocument, SimulatePolicyDocument, type PolicyFieldsFragment, type PresetFieldsFragment, type SimulatePolicyQuery } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { TextArea } from '../../shell/Input.ts';
import { useMessages } from '../../shell/useMessages.ts';
import { PolicyChanges } from './PolicyChanges.tsx';
import { inputOf, limits, numberFields, policyChanges, switchFields, withPreset } from './policyDraft.ts';
import { SimulationResult } from './SimulationResult.tsx';

interface PolicyEditorProps {
  readonly base: PolicyFieldsFragment;
  readonly close: () => void;
  readonly published: () => void;
}

/** A new version: edited, tried on history, and published with a reason. */
export function PolicyEditor({ base, close, published }: PolicyEditorProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(base);
  const [reason, setReason] = useState('');
  const changed = policyChanges(base, draft).length > 0;
  const simulation = useSimulation();
  const publishing = usePublishing(published);
  const edit = (changes: Partial<PolicyFieldsFragment>) => {
    setDraft({ ...draft, ...changes });
    simulation.forget();
  };
  return (
    <>
      <Presets choose={(preset) => edit(withPreset(draft, preset))} />
      <DraftForm draft={draft} edit={edit} />
      <Card title={t('policy.differences', { from: base.version, to: base.version + 1 })}>
        <PolicyChanges before={base} after={draft} />
      </Card>
      <Card title={t('policy.simulation')}>
        <p className="hint">{t('policy.simulationHint')}</p>
        <Button loading={simulation.running} disabled={!changed} onClick={() => simulation.run(inputOf(base, draft, reason.trim() === '' ? 'simulation' : reason.trim()))}>
          {t('policy.simulate')}
        </Button>{' '}
        {simulation.running && <Button onClick={simulation.forget}>{t('decide.cancel')}</Button>}
        {simulation.error !== undefined && <FailureNotice error={simulation.error} />}
        {simulation.result !== undefined && <SimulationResult result={simulation.result} />}
      </Card>
      <Card title={t('policy.publish')}>
        <div className="reason">
          <label htmlFor="policy-reason">{t('reason.label')}</label>
          <TextArea id="policy-reason" rows={3} maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
        </div>
        {publishing.error !== undefined && <FailureNotice error={publishing.error} />}
        <div className="policy-buttons">
          <Button type="primary" loading={publishing.running} disabled={!changed || reason.trim() === ''} onClick={() => publishing.run(inputOf(base, draft, reason.trim()))}>
            {t('policy.publishAs', { version: base.version + 1 })}
          </Button>
          <Button onClick={close}>{t('policy.discard')}</Button>
        </div>
      </Card>
    </>
  );
}

/** The presets, each taken over with one click; nothing is published by it. */
function Presets({ choose }: { readonly choose: (preset: PresetFieldsFragment) => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useRead(PolicyPresetsDocument, {}, { key: ['policyPresets'] });
  return (
    <Card title={t('policy.presets')}>
      <p className="hint">{t('policy.presetsHint')}</p>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {data?.policyPresets.map((preset) => (
        <div key={preset.code} className="policy-field">
          <Button onClick={() => choose(preset)}>{t(`policy.preset.${preset.code}`)}</Button>
          <span className="hint">{t(`policy.presetMeans.${preset.code}`)}</span>
        </div>
      ))}
    </Card>
  );
}

interface DraftFormProps {
  readonly draft: PolicyFieldsFragment;
  readonly edit: (changes: Partial<PolicyFieldsFragment>) => void;
}

function DraftForm({ draft, edit }: DraftFormProps) {
  const { t } = useTranslation();
  const { nameOf } = useScenarioNames();
  const rule = (scenario: string, changes: Partial<PolicyFieldsFragment['rules'][number]>) =>
    edit({ rules: draft.rules.map((each) => (each.scenario === scenario ? { ...each, ...changes } : each)) });
  return (
    <div className="policy-columns">
      <Card title={t('policy.numbers')}>
        {numberFields.map((field) => (
          <div key={field} className="policy-field">
            <label htmlFor={`policy-${field}`}>{t(`policy.field.${field}`)}</label>
            <InputNumber id={`policy-${field}`} min={limits[field][0]} max={limits[field][1]} precision={0} value={draft[field]} onChange={(value) => value !== null && edit({ [field]: value })} />
          </div>
        ))}
        <div className="policy-field">
          <label htmlFor="policy-maxOrderAgeDays">{t('policy.field.maxOrderAgeDays')}</label>
          <InputNumber id="policy-maxOrderAgeDays" min={limits.maxOrderAgeDays[0]} max={limits.maxOrderAgeDays[1]} precision={0} placeholder={t('policy.none')} value={draft.maxOrderAgeDays} onChange={(value) => edit({ maxOrderAgeDays: value })} />
        </div>
        {switchFields.map((field) => (
          <div key={field} className="policy-field">
            <Checkbox checked={draft[field]} onChange={(event) => edit({ [field]: event.target.checked })}>
              {t(`policy.field.${field}`)}
            </Checkbox>
          </div>
        ))}
      </Card>
      <Card title={t('policy.rules')}>
        {draft.rules.map(({ scenario, threshold, enabled }) => (
          <div key={scenario} className="policy-field">
            <label htmlFor={`policy-${scenario}`}>{nameOf(scenario)}</label>
            <span className="policy-rule">
              <InputNumber id={`policy-${scenario}`} min={limits.threshold[0]} max={limits.threshold[1]} precision={0} value={threshold} onChange={(value) => value !== null && rule(scenario, { threshold: value })} />
              <Checkbox aria-label={`${nameOf(scenario)} · ${t('policy.field.enabled')}`} checked={enabled} onChange={(event) => rule(scenario, { enabled: event.target.checked })}>
                {t('policy.field.enabled')}
              </Checkbox>
            </span>
          </div>
        ))}
      </Card>
    </div>
  );
}

type Input = ReturnType<typeof inputOf>;

function useSimulation() {
  const ask = useAsk();
  const [state, setState] = useState<{ readonly running: boolean; readonly error?: unknown; readonly result?: SimulatePolicyQuery['simulatePolicy'] }>({ running: false });
  const aborter = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => aborter.current?.abort(), []);
  function forget(): void {
    aborter.current?.abort();
    setState({ running: false });
  }
  function run(input: Input): void {
    aborter.current?.abort();
    const mine = new AbortController();
    aborter.current = mine;
    setState({ running: true });
    ask(SimulatePolicyDocument, { input }, mine.signal).then(
      ({ simulatePolicy }) => !mine.signal.aborted && setState({ running: false, result: simulatePolicy }),
      (error: unknown) => !mine.signal.aborted && setState({ running: false, error }),
    );
  }
  return { running: state.running, error: state.error, result: state.result, run, forget };
}

function usePublishing(published: () => void) {
  const ask = useAsk();
  const client = useQueryClient();
  const message = useMessages();
  const { t } = useTranslation();
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  async function publish(input: Input): Promise<void> {
    setRunning(true);
    setError(undefined);
    try {
      settled((await ask(PublishPolicyDocument, { input })).updatePolicy);
      await client.invalidateQueries({ queryKey: ['policy'] });
      message.success(t('policy.published', { version: input.basedOnVersion + 1 }));
      published();
    } catch (failure) {
      setError(failure);
    } finally {
      setRunning(false);
    }
  }
  return { running, error, run: (input: Input) => void publish(input) };
}
