import type { Mentions, GetRef } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { RecordFrame } from '../../console/layout/RecordFrame.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { buyerPath } from '../../console/recordPaths.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useMedia } from '../../grid/useMedia.ts';
import { StateMark } from '../../review/marks.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';
import { ShopsAndAccounts } from '../collusion/ShopsAndAccounts.tsx';
import { lastQueueSearch } from '../queue/useQueueSearch.ts';
import { CaseActions } from './CaseActions.tsx';
import { CaseList } from './CaseList.tsx';
import { CaseNotes } from './CaseNotes.tsx';
import { CaseStrip } from './CaseStrip.tsx';
import { CaseTags } from './CaseTags.tsx';
import { CaseTimeline } from './CaseTimeline.tsx';
import { CaseWork } from './CaseWork.tsx';
import { ClaimBox } from './ClaimBox.tsx';
import { CollusionSection } from './CollusionSection.tsx';
import { DecisionDock } from './DecisionDock.tsx';
import { Explanation } from './Explanation.tsx';
import { OtherCases } from './OtherCases.tsx';
import { RiskSection } from './RiskSection.tsx';
import { useCase, type CaseDetail } from './useCase.ts';
import { VotesPicture } from './VotesPicture.tsx';
import './case.css';

// Where there is room for the queue beside the case.
const wide = '(min-width: 1280px)';

/** One case with all that a decision needs: the evidence first, the decision always in view, the queue beside it. */
export function CasePage() {
  const { id = '' } = useParams();
  const beside = useMedia(wide);
  return (
    <div className="case-desk">
      {beside && (
        <SectionBoundary>
          <CaseList current={id} />
        </SectionBoundary>
      )}
      {/* Another case resets the error boundary. */}
      <SectionBoundary key={id}>
        <CaseRecord id={id} />
      </SectionBoundary>
    </div>
  );
}

function CaseRecord({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useCase(id);
  return (
    <RecordFrame
      className="case-page"
      back={{ to: { pathname: '/queue', search: lastQueueSearch() }, label: t('case.back') }}
      record={data?.case}
      error={error}
      retry={() => void refetch()}
      missing={{ title: t('case.notFound'), text: t('case.notFoundText', { id }) }}
      skeleton={<CaseSkeleton />}
    >
      {/* Another case resets all state, an unfinished decision included. */}
      {(shown) => <CaseBody key={shown.id} shown={shown} />}
    </RecordFrame>
  );
}

function CaseBody({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const noteField = useRef<GetRef<typeof Mentions>>(null);
  return (
    <>
      <PageHeading title={shown.scenario.name}>
        <p className="head-facts">
          <StateMark state={shown.state} />
          <Link to={buyerPath(shown.buyer.id)}>{t('case.buyer', { id: shown.buyer.id })}</Link>
        </p>
        {can.decide && <CaseActions shown={shown} note={() => noteField.current?.focus()} />}
      </PageHeading>
      <CaseStrip shown={shown} />
      <CaseWork shown={shown} />
      <ScrollRegion className="case-scroll" label={t('case.evidence')}>
        <SectionBoundary>
          <CollusionSection shown={shown} />
        </SectionBoundary>
        <div className="case-evidence">
          <SectionBoundary>
            <CaseTags shown={shown} />
          </SectionBoundary>
          <SectionBoundary>
            <RiskSection buyer={shown.buyer} level={shown.explanation.riskLevel} />
          </SectionBoundary>
        </div>
        <SectionBoundary>
          <CaseNotes shown={shown} field={noteField} />
        </SectionBoundary>
        <SectionBoundary>
          <section className="card case-window" aria-label={t('explain.votes')}>
            <VotesPicture shown={shown} />
            <Explanation shown={shown} />
          </section>
        </SectionBoundary>
        <SectionBoundary>
          <ShopsAndAccounts buyerId={shown.buyer.id} shops={shown.tags.nodes.map(({ merchant }) => merchant)} />
        </SectionBoundary>
        <SectionBoundary>
          <OtherCases shown={shown} />
        </SectionBoundary>
        <SectionBoundary>
          <CaseTimeline id={shown.id} version={shown.version} />
        </SectionBoundary>
      </ScrollRegion>
      <section className="case-dock" aria-label={t('case.decision')}>
        {can.decide && (
          <SectionBoundary>
            <DecisionDock shown={shown} />
          </SectionBoundary>
        )}
        <SectionBoundary>
          <ClaimBox shown={shown} />
        </SectionBoundary>
      </section>
    </>
  );
}

function CaseSkeleton() {
  const { t } = useTranslation();
  return (
    <>
      <output className="visually-hidden">{t('case.loading')}</output>
      <div className="skeleton is-title" />
      <div className="skeleton is-strip" />
      <div className="case-evidence">
        <div className="skeleton is-card" />
        <div className="skeleton is-card" />
      </div>
    </>
  );
}
