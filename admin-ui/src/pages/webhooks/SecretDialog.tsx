import { Button, Space } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../shell/Dialog.tsx';
import { Input } from '../../shell/Input.ts';

/** The one time that a secret is shown. */
export function SecretDialog({ secret, close }: { readonly secret: string; readonly close: () => void }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<'copied' | 'notCopied' | undefined>(undefined);
  const id = useId();

  async function copy(): Promise<void> {
    try {
      // Only pages from https or from the machine itself have a clipboard: elsewhere, and where the browser says no, the
      // secret is selected, to be copied by hand.
      await navigator.clipboard.writeText(secret);
      setOutcome('copied');
    } catch {
      const field = document.getElementById(id);
      if (field instanceof HTMLInputElement) field.select();
      setOutcome('notCopied');
    }
  }

  return (
    <Dialog open title={t('webhooks.secret')} close={close} footer={<Button onClick={close}>{t('webhooks.close')}</Button>}>
      <p>{t('webhooks.secretText')}</p>
      <Space.Compact block>
        <Input id={id} readOnly aria-label={t('webhooks.secret')} value={secret} onFocus={(event) => event.target.select()} />
        <Button onClick={() => void copy()}>{t('webhooks.copy')}</Button>
      </Space.Compact>
      <output className="hint">{outcome !== undefined && t(`webhooks.outcome.${outcome}`)}</output>
    </Dialog>
  );
}
