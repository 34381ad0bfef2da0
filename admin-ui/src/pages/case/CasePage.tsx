import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { RecordFrame } from '../../console/layout/RecordFrame.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { buyerPath } from '../../console/pages.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { DueTime, StateMark } from '../../review/marks.tsx';
import { lastQueueSearch } from '../queue/useQueueSearch.ts';
import { CaseTags } from './CaseTags.tsx';
import { CaseTimeline } from './CaseTimeline.tsx';
import { ClaimBox } from './ClaimBox.tsx';
import { DecisionPanel } from './DecisionPanel.tsx';
import { Explanation } from './Explanation.tsx';
import { OtherCases } from './OtherCases.tsx';
import { RiskSection } from './RiskSection.tsx';
import { useCase, type CaseDetail } from './useCase.ts';
import './case.css';

/** One case with all that a decision needs, on one page. */
export function CasePage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
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
      {/* Another case is another page: nothing of a half-made decision may come along. */}
      {(shown) => <CaseBody key={shown.id} shown={shown} />}
    </RecordFrame>
  );
}

function CaseBody({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  return (
    <>
      <PageHeading title={shown.scenario.name}>
        <p className="head-facts">
          <StateMark state={shown.state} />
          <Link to={buyerPath(shown.buyer.id)}>{t('case.buyer', { id: shown.buyer.id })}</Link>
          {shown.handling === 'PENDING' && <DueTime dueAt={shown.dueAt} />}
          <span className="hint">{t('case.version', { version: shown.version })}</span>
        </p>
      </PageHeading>
      <p className="hint">{shown.scenario.definition}</p>
      <div className="case-columns">
        <div className="case-main">
          <SectionBoundary>
            <Explanation shown={shown} />
          </SectionBoundary>
          <div className="case-evidence">
            <SectionBoundary>
              <CaseTags shown={shown} />
            </SectionBoundary>
            <SectionBoundary>
              <RiskSection buyer={shown.buyer} level={shown.explanation.riskLevel} tagged={shown.tags.totalCount} />
            </SectionBoundary>
          </div>
        </div>
        <div className="case-side">
          <SectionBoundary>
            <ClaimBox shown={shown} />
          </SectionBoundary>
          {can.decide && (
            <SectionBoundary>
              <DecisionPanel shown={shown} />
            </SectionBoundary>
          )}
          <SectionBoundary>
            <OtherCases shown={shown} />
          </SectionBoundary>
        </div>
        <div className="case-history">
          <SectionBoundary>
            <CaseTimeline id={shown.id} version={shown.version} />
          </SectionBoundary>
        </div>
      </div>
    </>
  );
}

function CaseSkeleton() {
  const { t } = useTranslation();
  return (
    <>
      <output className="visually-hidden">{t('case.loading')}</output>
      <div className="skeleton is-title" />
      <div className="case-columns">
        <div className="case-main">
          <div className="skeleton is-card" />
          <div className="skeleton is-card" />
        </div>
        <div className="case-side">
          <div className="skeleton is-card" />
        </div>
      </div>
    </>
  );
}
