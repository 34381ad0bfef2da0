import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useAction } from '../../data/useAction.ts';
import { useRead } from '../../data/useRead.ts';
import { RefusedError, settled } from '../../data/userErrors.ts';
import { useFormats } from '../../format/useFormats.ts';
import {
  DiscardPolicyDraftDocument,
  PolicyPresetsDocument,
  PublishPolicyDocument,
  SavePolicyDraftDocument,
  type DraftFieldsFragment,
  type PolicyFieldsFragment,
  type PolicyStandingQuery,
  type PresetFieldsFragment,
  type SimulationFieldsFragment,
} from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { Input } from '../../shell/Input.ts';
import { useMessages } from '../../shell/useMessages.ts';
import { DraftHistory } from './DraftHistory.tsx';
import { Field, NumbersForm } from './NumbersForm.tsx';
import { PolicyChanges } from './PolicyChanges.tsx';
import { inputOf, numberFields, policyChanges, rebased, refusedFields, withPreset, type Numbers } from './policyDraft.ts';
import type { PolicySearch } from './policySearch.ts';
import { PublishCard, type Publication } from './PublishCard.tsx';
import { SimulationCard } from './SimulationCard.tsx';
import { useLeaving } from './useLeaving.tsx';
import { useSimulation } from './useSimulation.ts';

type Kept = DraftFieldsFragment & { readonly simulation?: SimulationFieldsFragment | null };

interface DraftEditorProps {
  /** The version that the draft was made from. */
  readonly base: PolicyFieldsFragment;
  readonly start: { readonly name: string; readonly reason: string; readonly numbers: Numbers };
  /** The draft as the server keeps it; undefined for one that nobody has saved. */
  readonly kept: Kept | undefined;
  readonly timeline: PolicyStandingQuery['policyTimeline'];
  readonly go: (next: Partial<PolicySearch>) => void;
}

/** A draft: edited, kept, tried on history, and published with a reason. */
export function DraftEditor(props: DraftEditorProps) {
  const { timeline, go } = props;
  const { t } = useTranslation();
  const { inForce } = timeline;
  const draft = useDraft(props);
  const { name, numbers, base, kept, unsaved } = draft;
  const simulation = useSimulation(kept?.simulation, JSON.stringify([base.version, numbers]));
  const simulated = simulation.of === JSON.stringify([base.version, numbers]);
  const leaving = useLeaving(unsaved);
  const client = useQueryClient();
  useEffect(() => {
    // Another version may be in force by now.
    if (simulation.error !== undefined) void client.invalidateQueries({ queryKey: ['policy'] });
  }, [simulation.error, client]);
  const actions = useDraftActions(draft, leaving.settle, go);
  const shown = ['name', 'reason', 'startsAt', 'maxOrderAgeDays', ...numberFields, ...numbers.rules.map(({ scenario }) => scenario)];
  const { at: problems, rest } = refusedFields(actions.error ?? simulation.error, shown);
  const form = useFirstProblem(actions.error ?? simulation.error);
  const changed = policyChanges(base, numbers).length > 0;
  return (
    <div ref={form}>
      {leaving.question}
      <Card title={t('policy.draft')}>
        <Field name="name" label={t('policy.name')} problem={problems['name']}>
          {(control) => <Input {...control} maxLength={60} value={name} onChange={(event) => draft.edit({ name: event.target.value })} />}
        </Field>
        <div className="policy-buttons">
          <Button loading={actions.busy === 'save'} disabled={!unsaved} onClick={actions.save}>
            {t('policy.save')}
          </Button>
          <Button onClick={() => go({})}>{t('policy.back')}</Button>
          {kept !== undefined && (
            <Button danger loading={actions.busy === 'discard'} onClick={actions.discard}>
              {t('policy.discard')}
            </Button>
          )}
          <span className="hint" aria-live="polite">
            {t(unsaved ? 'policy.unsaved' : kept === undefined ? 'policy.untouched' : 'policy.saved')}
          </span>
        </div>
        {rest !== undefined && <FailureNotice error={rest} />}
      </Card>
      {actions.theirs !== undefined && <Conflict mine={numbers} seen={draft.seen} theirs={actions.theirs} take={() => draft.take(actions.settleConflict())} keep={() => draft.keepOver(actions.settleConflict())} />}
      {base.version !== inForce.version && (
        <Alert
          type="warning"
          showIcon
          title={t('policy.behind', { base: base.version, version: inForce.version })}
          action={
            <Button size="small" onClick={() => draft.rebase(inForce)}>
              {t('policy.rebase', { version: inForce.version })}
            </Button>
          }
        />
      )}
      <Presets choose={(preset) => draft.edit({ numbers: withPreset(numbers, preset) })} />
      <NumbersForm numbers={numbers} edit={(changes) => draft.edit({ numbers: { ...numbers, ...changes } })} problems={problems} />
      <Card title={t('policy.changesOf', { version: base.version })}>
        <PolicyChanges before={base} after={numbers} />
      </Card>
      <SimulationCard
        simulation={simulation}
        current={simulated}
        disabled={!changed || base.version !== inForce.version}
        start={(rate) => {
          actions.forget();
          simulation.run(inputOf(base, numbers, ''), rate, JSON.stringify([base.version, numbers]));
        }}
      />
      <PublishCard timeline={timeline} startReason={props.start.reason} problems={problems} busy={actions.busy === 'publish'} ready={changed && simulated && base.version === inForce.version} publish={actions.publish} />
      {kept !== undefined && <DraftHistory id={kept.id} base={base} />}
    </div>
  );
}

/** What is edited, and what the server keeps of it. */
function useDraft({ base: firstBase, start, kept: firstKept }: DraftEditorProps) {
  const [kept, setKept] = useState(firstKept);
  const [base, setBase] = useState(firstBase);
  const [{ name, numbers }, setEdited] = useState({ name: start.name, numbers: start.numbers });
  // What nobody has changed needs no keeping: the version itself, or what the server keeps.
  const [seen, setSeen] = useState({ name: firstKept?.name ?? '', numbers: firstKept?.numbers ?? firstBase, base: firstBase.version });
  const unsaved = name !== seen.name || base.version !== seen.base || policyChanges(seen.numbers, numbers).length > 0;
  return {
    kept, base, name, numbers, unsaved, seen: seen.numbers,
    edit: (changes: { readonly name?: string; readonly numbers?: Numbers }) => setEdited((before) => ({ ...before, ...changes })),
    rebase: (onto: PolicyFieldsFragment) => {
      setEdited((before) => ({ ...before, numbers: rebased(base, before.numbers, onto) }));
      setBase(onto);
    },
    saved: (draft: Kept) => {
      setKept(draft);
      setSeen({ name: draft.name, numbers: draft.numbers, base: draft.basedOnVersion });
    },
    /** Gives one's own changes up for another person's. */
    take: (draft: Kept) => {
      setKept(draft);
      setSeen({ name: draft.name, numbers: draft.numbers, base: draft.basedOnVersion });
      setEdited({ name: draft.name, numbers: draft.numbers });
    },
    /** Goes on with one's own: the next time they are saved, they take the place of the other person's. */
    keepOver: (draft: Kept) => {
      setKept(draft);
      setSeen({ name: draft.name, numbers: draft.numbers, base: draft.basedOnVersion });
    },
  };
}

type Draft = ReturnType<typeof useDraft>;

function useDraftActions(draft: Draft, settleLeaving: () => void, go: (next: Partial<PolicySearch>) => void) {
  const { t } = useTranslation();
  const ask = useAsk();
  const client = useQueryClient();
  const message = useMessages();
  const action = useAction();
  const [forgotten, setForgotten] = useState<unknown>(undefined);
  const [doing, setDoing] = useState<'save' | 'discard' | 'publish'>('save');
  const [theirs, setTheirs] = useState<Kept | undefined>(undefined);
  const { kept, base, name, numbers } = draft;
  const ref = kept === undefined ? {} : { id: kept.id, revision: kept.revision };
  const refetch = async () => void (await Promise.all(['policy', 'policyDraft', 'policyDrafts'].map((key) => client.invalidateQueries({ queryKey: [key] }))));

  function start(what: typeof doing, run: () => Promise<void>): void {
    setDoing(what);
    void action.run(run);
  }

  return {
    busy: action.busy ? doing : undefined,
    error: action.error === forgotten ? undefined : action.error,
    theirs,
    forget: () => setForgotten(action.error),
    settleConflict: () => {
      const draftThen = theirs as Kept;
      setTheirs(undefined);
      setForgotten(action.error);
      return draftThen;
    },
    save: () =>
      start('save', async () => {
        const { savePolicyDraft } = await ask(SavePolicyDraftDocument, { input: { ...ref, name: name.trim(), policy: inputOf(base, numbers, '') } });
        if (savePolicyDraft.draft !== null && savePolicyDraft.userErrors.some(({ code }) => code === 'CONFLICT')) setTheirs(savePolicyDraft.draft);
        const saved = settled(savePolicyDraft).draft;
        if (saved === null) return;
        draft.saved(saved);
        settleLeaving();
        await client.invalidateQueries({ queryKey: ['policyDraft', saved.id, 'changes'] });
        await client.invalidateQueries({ queryKey: ['policyDrafts'] });
        message.success(t('policy.savedAs', { name: saved.name }));
        if (kept === undefined) go({ draft: saved.id });
      }),
    discard: () =>
      start('discard', async () => {
        if (kept === undefined) return;
        settled((await ask(DiscardPolicyDraftDocument, { input: { id: kept.id, revision: kept.revision } })).discardPolicyDraft);
        settleLeaving();
        await refetch();
        go({});
      }),
    publish: ({ reason, startsAt }: Publication) =>
      start('publish', async () => {
        const input = { ...inputOf(base, numbers, reason), ...(startsAt === undefined ? {} : { startsAt }), ...(kept === undefined ? {} : { draft: { id: kept.id, revision: kept.revision } }) };
        const { updatePolicy } = await ask(PublishPolicyDocument, { input });
        if (updatePolicy.userErrors.length === 0) settleLeaving();
        await refetch(); // refused, too: another version may be in force by now
        const { policy, draft: left } = settled(updatePolicy);
        if (policy === null) {
          message.success(t('policy.proposedNow'));
          go(left === null ? {} : { draft: left.id });
        } else {
          message.success(t(startsAt === undefined ? 'policy.published' : 'policy.scheduledNow', { version: policy.version }));
          go({});
        }
      }),
  };
}

interface ConflictProps {
  readonly mine: Numbers;
  /** The numbers that both began with. */
  readonly seen: Numbers;
  readonly theirs: Kept;
  readonly take: () => void;
  readonly keep: () => void;
}

/** Somebody else saved the draft meanwhile: what they changed, and whose changes are to stay. */
function Conflict({ mine, seen, theirs, take, keep }: ConflictProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('policy.conflict')}>
      <p>{t('policy.conflictBy', { by: theirs.changedBy, at: formats.dateTime(theirs.changedAt), name: theirs.name })}</p>
      <h3>{t('policy.theirs')}</h3>
      <PolicyChanges before={seen} after={theirs.numbers} />
      <h3>{t('policy.mine')}</h3>
      <PolicyChanges before={seen} after={mine} />
      <div className="policy-buttons">
        <Button onClick={take}>{t('policy.takeTheirs')}</Button>
        <Button danger onClick={keep}>
          {t('policy.keepMine')}
        </Button>
      </div>
    </Card>
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

/** Focuses the first control that the server found something wrong with, whenever it does. */
function useFirstProblem(error: unknown) {
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error instanceof RefusedError) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return form;
}
