import { useTranslation } from 'react-i18next';
import { useKeyMap, type KeyGroup } from '../../keys/KeysContext.ts';
import { modifierKey } from '../../keys/modifierKey.ts';
import { Dialog } from '../../shell/Dialog.tsx';

const groups: readonly KeyGroup[] = ['everywhere', 'goTo', 'list', 'review'];

/** All keys that work on the page under the dialog. */
export function KeyHelp({ open, close }: { readonly open: boolean; readonly close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} title={t('keys.title')} close={close}>
      <KeyTable />
      <p className="hint">{t('keys.note')}</p>
    </Dialog>
  );
}

function KeyTable() {
  const { t } = useTranslation();
  const bindings = useKeyMap().list();
  return groups
    .map((group) => ({ group, keys: bindings.filter((binding) => binding.group === group) }))
    .filter(({ keys }) => keys.length > 0)
    .map(({ group, keys }) => (
      <section key={group} className="key-group" aria-labelledby={`keys-${group}`}>
        <h3 id={`keys-${group}`}>{t(`keys.group.${group}`)}</h3>
        <dl>
          {keys.map((binding) => (
            <div key={binding.keys}>
              <dt>
                {binding.keys.split(/[ +]/).map((key) => (
                  <kbd key={key}>{key === 'Mod' ? modifierKey() : key}</kbd>
                ))}
              </dt>
              <dd>{binding.label}</dd>
            </div>
          ))}
        </dl>
      </section>
    ));
}
