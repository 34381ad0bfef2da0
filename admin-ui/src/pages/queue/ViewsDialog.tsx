import { Button, Checkbox } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useAsk } from '../../data/AskContext.ts';
import { settled } from '../../data/userErrors.ts';
import { DeleteViewDocument, SaveViewDocument, type SavedViewFieldsFragment } from '../../gql/graphql.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureSentence } from '../../shell/FailureNotice.tsx';
import { Input } from '../../shell/Input.ts';
import { MoreButton } from '../../shell/MoreButton.tsx';
import { useMessages } from '../../shell/useMessages.ts';
import type { SavedViews } from './useSavedViews.ts';

export interface ViewsDialogProps {
  readonly saved: SavedViews;
  readonly current: string;
  readonly open: (search: string) => void;
  readonly close: () => void;
}

const longestName = 60;

/** Saves what the queue shows now under a name, and opens or deletes what was saved. */
export function ViewsDialog({ saved, current, open, close }: ViewsDialogProps) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const { views, more, reading } = saved;
  return (
    <Dialog open title={t('views.title')} close={close} width={460}>
      {views.length === 0 && <p className="hint">{t('views.none')}</p>}
      <ul className="plain-list">
        {views.map((view) => (
          <SavedView
            key={view.id}
            view={view}
            open={() => {
              open(view.search);
              close();
            }}
          />
        ))}
      </ul>
      <MoreButton more={more} reading={reading} />
      {can.shareViews && <SaveForm current={current} saved={close} />}
    </Dialog>
  );
}

function SavedView({ view, open }: { readonly view: SavedViewFieldsFragment; readonly open: () => void }) {
  const { t } = useTranslation();
  const { run, busy } = useChange();
  const ask = useAsk();
  const remove = () => run(async () => settled((await ask(DeleteViewDocument, { input: { id: view.id } })).deleteView));
  return (
    <li className="saved-view">
      <Button type="link" onClick={open}>
        {view.name}
      </Button>
      <span className="hint">{view.shared ? t('views.sharedBy', { by: view.createdBy }) : t('views.private')}</span>
      {view.canEdit && (
        <Button size="small" danger loading={busy} aria-label={t('views.deleteNamed', { name: view.name })} onClick={() => void remove()}>
          {t('views.delete')}
        </Button>
      )}
    </li>
  );
}

function SaveForm({ current, saved }: { readonly current: string; readonly saved: () => void }) {
  const { t } = useTranslation();
  const ask = useAsk();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const { run, busy } = useChange();
  const id = useId();

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const input = { page: 'queue', name: name.trim(), search: current, shared };
    if (input.name === '') return;
    const done = await run(async () => settled((await ask(SaveViewDocument, { input })).saveView));
    if (done) saved();
  }

  return (
    <form className="save-view" onSubmit={(event) => void save(event)}>
      <label htmlFor={id}>{t('views.name')}</label>
      <Input id={id} value={name} maxLength={longestName} onChange={(event) => setName(event.target.value)} />
      <Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>
        {t('views.share')}
      </Checkbox>
      <Button type="primary" htmlType="submit" loading={busy} disabled={name.trim() === ''}>
        {t('views.save')}
      </Button>
    </form>
  );
}

// Submits a change, shows what went wrong, and refetches the views. Returns whether it succeeded.
function useChange(): { readonly run: (change: () => Promise<unknown>) => Promise<boolean>; readonly busy: boolean } {
  const message = useMessages();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  async function run(change: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    try {
      await change();
      await client.invalidateQueries({ queryKey: ['savedViews'] });
      return true;
    } catch (error) {
      message.error(<FailureSentence error={error} />);
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { run, busy };
}
