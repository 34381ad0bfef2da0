import { Button } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';
import { Dialog } from '../../shell/Dialog.tsx';

interface Leaving {
  /** Asks whoever is about to leave; to be put into the page. */
  readonly question: ReactNode;
  /** Lets the page be left without a question: what there was to keep is kept, or given up. */
  readonly settle: () => void;
}

/** Asks before a page with unsaved changes is left, by a link, the browser's buttons, or by closing the tab. */
export function useLeaving(unsaved: boolean): Leaving {
  const { t } = useTranslation();
  const guarded = useRef(unsaved);
  useEffect(() => {
    guarded.current = unsaved;
    if (!unsaved) return undefined;
    const ask = (event: BeforeUnloadEvent) => guarded.current && event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [unsaved]);
  const blocker = useBlocker(() => guarded.current);
  return {
    settle: () => {
      guarded.current = false;
    },
    question: (
      <Dialog
        open={blocker.state === 'blocked'}
        title={t('policy.leaving')}
        close={() => blocker.reset?.()}
        footer={
          <>
            <Button danger onClick={() => blocker.proceed?.()}>
              {t('policy.leave')}
            </Button>
            <Button type="primary" onClick={() => blocker.reset?.()}>
              {t('policy.stay')}
            </Button>
          </>
        }
      >
        <p>{t('policy.leavingText')}</p>
      </Dialog>
    ),
  };
}
