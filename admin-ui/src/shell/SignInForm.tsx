import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../session/SessionContext.ts';
import { tokenFromText } from '../session/token.ts';

/** Signs in with a token; `children` may say where tokens come from. */
export function SignInForm({ children }: { readonly children?: ReactNode }) {
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
      {children}
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
