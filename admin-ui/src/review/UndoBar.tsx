import { Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { casePath } from '../console/recordPaths.ts';
import { useNowBySecond } from '../format/useNow.ts';
import { useKeys } from '../keys/useKeys.ts';
import { FailureSentence } from '../shell/FailureNotice.tsx';
import { useMessages } from '../shell/useMessages.ts';
import { useReview, type Undoable } from './ReviewContext.ts';

/** Offers to undo the latest decision for as long as that is possible, on every page. */
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
  const message = useMessages();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const left = Math.ceil((undoable.until - useNowBySecond()) / 1000);
  useEffect(() => {
    if (left <= 0) forgetUndo();
  }, [left, forgetUndo]);

  const nameOf = (id: string) => {
    const found = undoable.cases.find((each) => each.id === id);
    return found === undefined ? id : `${found.scenario} ${found.buyer}`;
  };

  async function takeBack(): Promise<void> {
    try {
      const failed = (await undo()).filter(({ decided }) => !decided);
      // Where cases are reviewed one by one, the undone case is opened next.
      const [taken] = undoable.cases;
      if (failed.length === 0 && undoable.cases.length === 1 && taken !== undefined && pathname.startsWith('/cases/')) await navigate(casePath(taken.id));
      if (failed.length === 0) message.success(t('undo.done'));
      for (const { id, message: why } of failed) message.error(t('undo.failed', { name: nameOf(id), why }));
    } catch (error) {
      message.error(<FailureSentence error={error} />);
    }
  }

  useKeys([{ keys: 'u', label: t('keys.undo'), group: 'review', run: () => void takeBack() }]);
  const [first] = undoable.cases;
  const count = undoable.cases.length;
  return (
    <div className="undo-bar">
      <span>
        {count === 1 && first !== undefined
          ? t('undo.one', { decision: t(`decision.done.${undoable.decision}`), scenario: first.scenario, buyer: first.buyer })
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
