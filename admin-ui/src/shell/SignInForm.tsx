import { useId, useState, type FormEvent } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useSession } from '../session/SessionContext.ts';
import { tokenFromText } from '../session/token.ts';

interface SignInFormProps {
  /** Whether to say where tokens come from; not needed beside a notice that says so. */
  readonly explain: boolean;
}

export function SignInForm({ explain }: SignInFormProps) {
  const { t } = useTranslation();
  const session = useSession();
  const [text, setText] = useState('');
  const [invalid, setInvalid] = useState(false);
  const id = useId();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const token = tokenFromText(text);
    setInvalid(token === undefined);
    if (token === undefined) return;
    setText('');
    session.signIn(token);
  }

  return (
    <form className="sign-in" onSubmit={submit} noValidate>
      {explain && (
        <p>
          <Trans i18nKey="signIn.how" components={{ run: <code />, token: <code /> }} />
        </p>
      )}
      <label htmlFor={id}>{t('signIn.label')}</label>
      <div className="sign-in-row">
        {/* A password field: the token must not be readable over a shoulder, nor kept by the browser's form history. */}
        <input
          id={id}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={text}
          aria-invalid={invalid}
          aria-describedby={invalid ? `${id}-error ${id}-hint` : `${id}-hint`}
          onChange={(event) => {
            setText(event.target.value);
            setInvalid(false);
          }}
        />
        <button type="submit" className="primary">
          {t('signIn.submit')}
        </button>
      </div>
      <p id={`${id}-error`} role="alert" className="field-error">
        {invalid ? t('signIn.invalid') : ''}
      </p>
      <p id={`${id}-hint`} className="hint">
        {t('signIn.hint')}
      </p>
    </form>
  );
}
