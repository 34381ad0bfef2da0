import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../shell/Dialog.tsx';

/** The one time that a secret is shown. */
export function SecretDialog({ secret, close }: { readonly secret: string; readonly close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open title={t('webhooks.secret')} close={close} footer={<Button onClick={close}>{t('webhooks.close')}</Button>}>
      <p>{t('webhooks.secretText')}</p>
      <Input readOnly aria-label={t('webhooks.secret')} value={secret} onFocus={(event) => event.target.select()} />
    </Dialog>
  );
}
