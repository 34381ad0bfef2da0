import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../shell/Card.tsx';
import { readItem, writeItem } from '../../storage/browserStorage.ts';

const steps = ['submit', 'wait', 'succeed'] as const;
const storage = () => window.localStorage;

interface Guide {
  readonly open: boolean;
  readonly show: () => void;
  readonly putAway: () => void;
}

/** Whether the guide is shown: at a shop's first visit with this browser, until it is put away, and when asked for. */
export function useGuide(merchantId: string): Guide {
  const name = `cloudtag.guide.${merchantId}`;
  const [open, setOpen] = useState(() => readItem(storage, name) === undefined);
  return {
    open,
    show: () => setOpen(true),
    putAway() {
      writeItem(storage, name, 'read');
      setOpen(false);
    },
  };
}

/** The three steps of a tag, and what 标记失败 means. */
export function FirstVisit({ putAway }: { readonly putAway: () => void }) {
  const { t } = useTranslation();
  return (
    <Card title={t('shop.guide.title')} extra={<Button onClick={putAway}>{t('shop.guide.putAway')}</Button>}>
      <ol className="guide-steps">
        {steps.map((step) => (
          <li key={step}>
            <strong>{t(`shop.guide.step.${step}`)}</strong>
            <p>{t(`shop.guide.text.${step}`)}</p>
          </li>
        ))}
      </ol>
      <p className="hint">{t('shop.guide.rules')}</p>
    </Card>
  );
}
