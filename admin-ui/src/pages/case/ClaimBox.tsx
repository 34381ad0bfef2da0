import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useFormats } from '../../format/useFormats.ts';
import { useNow } from '../../format/useNow.ts';
import { useKeys } from '../../keys/useKeys.ts';
import { useClaim, type ClaimState } from './useClaim.ts';
import { useOtherViewers, type CaseDetail } from './useCase.ts';

/** Who works on the case, and who else looks at it. */
export function ClaimBox({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { can } = useConsoleViewer();
  const others = useOtherViewers(shown.id);
  const state = useClaim(shown);
  return (
    <div className="claim-box">
      <div aria-live="polite">
        <ClaimText shown={shown} state={state} />
        {others.length > 0 && <p className="others">{t('claim.alsoLooking', { people: formats.list(others) })}</p>}
      </div>
      {can.decide && shown.handling === 'PENDING' && (can.lead && shown.claim !== null && !state.mine ? <TakeOverButton state={state} /> : <ClaimButton shown={shown} state={state} />)}
    </div>
  );
}

interface ClaimPartProps {
  readonly shown: CaseDetail;
  readonly state: ClaimState;
}

function ClaimText({ shown, state }: ClaimPartProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  if (shown.handling !== 'PENDING') return <p>{t('claim.notWaiting')}</p>;
  if (state.mine) return <p>{t('claim.mine')}</p>;
  if (state.lost !== undefined) return <p className="claimed">{state.lost}</p>;
  if (shown.claim === null) return <p className="hint">{t('claim.none')}</p>;
  const span = formats.duration(Date.parse(shown.claim.until) - now);
  const { by, takenFrom } = shown.claim;
  return <p className="claimed">{takenFrom === null ? t('claim.by', { by, span }) : t('team.takenFrom', { by, from: takenFrom, span })}</p>;
}

function ClaimButton({ shown, state }: ClaimPartProps) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const free = (shown.claim === null && (shown.escalation === null || can.lead)) || state.mine;
  useKeys(free && !state.mine ? [{ keys: 'c', label: t('keys.claim'), group: 'review', run: state.claim }] : []);
  return (
    <Button loading={state.busy} disabled={!free} onClick={state.mine ? state.release : state.claim}>
      {t(state.mine ? 'claim.release' : 'claim.take')} {!state.mine && <kbd>c</kbd>}
    </Button>
  );
}

function TakeOverButton({ state }: { readonly state: ClaimState }) {
  const { t } = useTranslation();
  useKeys([{ keys: 't', label: t('keys.takeOver'), group: 'review', run: state.takeOver }]);
  return (
    <Button loading={state.busy} onClick={state.takeOver}>
      {t('team.takeOver')} <kbd>t</kbd>
    </Button>
  );
}
