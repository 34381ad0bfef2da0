import { App, Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useNowBySecond } from '../format/useNow.ts';
import { useKeys } from '../keys/useKeys.ts';
import { FailureSentence } from '../shell/FailureNotice.tsx';
import { useReview, type Undoable } from './ReviewContext.ts';

/** Offers to take the latest decision back, for as long as that is possible, on whichever page the reviewer is by now. */
export function UndoBar() {
  const { undoable } = useReview();
  return (
    <div className="undo-place" aria-live="polite">
      {undoable !== undefined && <UndoOffer undoable={undoable} />}
    </div>
  );
}

function UndoOffer({ undoable }: { readonly undoable: Undoable }) {
  const { t } = useTranslation();
  const { undo, forgetUndo } = useReview();
  const { message } = App.useApp();
  const left = Math.ceil((undoable.until - useNowBySecond()) / 1000);
  useEffect(() => {
    if (left <= 0) forgetUndo();
  }, [left, forgetUndo]);

  async function takeBack(): Promise<void> {
    try {
      const failed = (await undo()).filter(({ decided }) => !decided);
      if (failed.length === 0) message.success(t('undo.done'));
      for (const { id, message: why } of failed) message.error(t('undo.failed', { id, why }));
    } catch (error) {
      message.error(<FailureSentence error={error} />);
    }
  }

  useKeys([{ keys: 'u', label: t('keys.undo'), group: 'review', run: () => void takeBack() }]);
  const count = undoable.caseIds.length;
  return (
    <div className="undo-bar">
      <span>
        {count === 1
          ? t('undo.one', { decision: t(`decision.done.${undoable.decision}`), id: undoable.caseIds[0] ?? '' })
          : t('undo.many', { decision: t(`decision.done.${undoable.decision}`), count })}
      </span>
      <Button size="small" onClick={() => void takeBack()}>
        {t('undo.action')} <kbd>u</kbd>
      </Button>
      {/* Not announced every second. */}
      <span aria-hidden="true" className="undo-left">
        {t('undo.left', { seconds: Math.max(left, 0) })}
      </span>
    </div>
  );
}
