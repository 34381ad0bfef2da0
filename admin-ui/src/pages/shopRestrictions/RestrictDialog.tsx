import { Button, Checkbox, Select } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useAction } from '../../data/useAction.ts';
import { fieldProblems, settled } from '../../data/userErrors.ts';
import { RestrictBuyerDocument, type RestrictionMode } from '../../gql/graphql.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { Input, TextArea } from '../../shell/Input.ts';

const modes = ['NO_ORDERING', 'NO_CASH_ON_DELIVERY', 'NO_COMPANY_TRANSFER', 'SHORT_PAYMENT_WINDOW'] as const satisfies readonly RestrictionMode[];
const templates = ['swapped', 'empty', 'unpaid', 'extortion'] as const;
const longestDescription = 500;

interface RestrictDialogProps {
  /** The order to begin with. */
  readonly orderNo: string;
  readonly done: () => void;
  readonly close: () => void;
}

/** Asks for a restriction of the account behind an order, in this shop only. */
export function RestrictDialog({ orderNo, done, close }: RestrictDialogProps) {
  const { t } = useTranslation();
  const ask = useAsk();
  const [order, setOrder] = useState(orderNo);
  const [chosen, setChosen] = useState<readonly RestrictionMode[]>([]);
  const [description, setDescription] = useState('');
  const [tried, setTried] = useState(false);
  const action = useAction();
  const id = useId();
  const refused = fieldProblems(action.error, ['orderNo', 'modes', 'description'] as const);
  const length = [...description].length;
  const problems = {
    orderNo: refused.at.orderNo ?? (tried && order.trim() === '' ? t('desk.restrict.orderMissing') : undefined),
    modes: refused.at.modes ?? (tried && chosen.length === 0 ? t('desk.restrict.modesMissing') : undefined),
    description: refused.at.description ?? (tried && description.trim() === '' ? t('desk.restrict.descriptionMissing') : undefined),
  };

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (order.trim() === '' || chosen.length === 0 || description.trim() === '' || length > longestDescription) return;
    await action.run(async () => {
      const { restrictBuyer } = await ask(RestrictBuyerDocument, { input: { orderNo: order.trim(), modes: [...chosen], description: description.trim() } });
      settled(restrictBuyer);
      done();
    });
  }

  return (
    <Dialog open title={t('desk.restrict.title')} close={close} width={640}>
      <p>{t('desk.restrict.text')}</p>
      <form className="desk-form" noValidate onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor={`${id}-order`}>{t('desk.restrict.order')}</label>
          <Input id={`${id}-order`} value={order} autoComplete="off" aria-invalid={problems.orderNo !== undefined} aria-describedby={`${id}-order-note`} onChange={({ target }) => setOrder(target.value)} />
          <p id={`${id}-order-note`} className={problems.orderNo === undefined ? 'hint' : 'field-error'}>
            {problems.orderNo ?? t('desk.restrict.orderHint')}
          </p>
        </div>
        <fieldset aria-describedby={`${id}-modes-note`}>
          <legend>{t('desk.restrict.modes')}</legend>
          {modes.map((mode) => (
            <Checkbox key={mode} checked={chosen.includes(mode)} onChange={({ target }) => setChosen(target.checked ? [...chosen, mode] : chosen.filter((other) => other !== mode))}>
              {t(`restrictions.mode.${mode}`)} <span className="muted">{t(`desk.restrict.modeText.${mode}`)}</span>
            </Checkbox>
          ))}
          <p id={`${id}-modes-note`} className="field-error">
            {problems.modes}
          </p>
        </fieldset>
        <div className="field">
          <label htmlFor={`${id}-template`}>{t('desk.restrict.template')}</label>
          <Select
            id={`${id}-template`}
            value={null}
            placeholder={t('desk.restrict.templateChoose')}
            options={templates.map((value) => ({ value, label: t(`desk.restrict.templateName.${value}`) }))}
            onChange={(value: (typeof templates)[number] | null) => {
              if (value !== null) setDescription(t(`desk.restrict.templateText.${value}`));
            }}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-description`}>{t('desk.restrict.description')}</label>
          <TextArea
            id={`${id}-description`}
            rows={5}
            value={description}
            aria-invalid={problems.description !== undefined || length > longestDescription}
            aria-describedby={`${id}-description-note`}
            onChange={({ target }) => setDescription(target.value)}
          />
          <p id={`${id}-description-note`} className={problems.description === undefined && length <= longestDescription ? 'hint' : 'field-error'}>
            {problems.description ?? t('desk.restrict.descriptionHint', { count: length, most: longestDescription })}
          </p>
        </div>
        {refused.rest !== undefined && <FailureNotice error={refused.rest} />}
        <div className="desk-buttons">
          <Button onClick={close}>{t('desk.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={action.busy}>
            {t('desk.restrict.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
