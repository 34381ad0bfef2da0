import { Button } from 'antd';
import { useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { UNSAFE_NavigationContext } from 'react-router';
import { useHistoryGuard } from '../../console/HistoryGuardContext.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { guardLeaving } from './guardLeaving.ts';

interface Leaving {
  /** The dialog that asks; to be rendered by the page. */
  readonly question: ReactNode;
  /** Allows leaving without a question, after saving or discarding. */
  readonly settle: () => void;
}

/** Asks before a page with unsaved changes is left. */
export function useLeaving(unsaved: boolean): Leaving {
  const { t } = useTranslation();
  const { navigator } = useContext(UNSAFE_NavigationContext);
  const history = useHistoryGuard();
  const guarded = useRef(unsaved);
  const [leave, setLeave] = useState<(() => void) | undefined>(undefined);
  useEffect(() => {
    guarded.current = unsaved;
    return unsaved ? guardLeaving(navigator, history, () => guarded.current, (go) => setLeave(() => go)) : undefined;
  }, [unsaved, navigator, history]);
  const stay = () => setLeave(undefined);
  return {
    settle: () => {
      guarded.current = false;
    },
    question: (
      <Dialog
        open={leave !== undefined}
        title={t('policy.leaving')}
        close={stay}
        footer={
          <>
            <Button
              danger
              onClick={() => {
                guarded.current = false;
                stay();
                leave?.();
              }}
            >
              {t('policy.leave')}
            </Button>
            <Button type="primary" onClick={stay}>
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
