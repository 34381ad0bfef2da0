import { useQueryClient } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { RecordFrame } from '../../console/layout/RecordFrame.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { buyerPath, casePath } from '../../console/recordPaths.ts';
import { useAsk } from '../../data/AskContext.ts';
import { useLogChanges } from '../../data/live/useLogChanges.ts';
import { useRead } from '../../data/useRead.ts';
import { settled } from '../../data/userErrors.ts';
import { useActorName } from '../../entry/useActorName.ts';
import { useFormats } from '../../format/useFormats.ts';
import { DecideSecondReviewDocument, SecondReviewDetailDocument, type SecondReviewDetailQuery } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { VerdictForm } from '../../review/VerdictForm.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { CaseTags } from '../case/CaseTags.tsx';
import { CollusionSection } from '../case/CollusionSection.tsx';
import { RiskSection } from '../case/RiskSection.tsx';
import { useCase } from '../case/useCase.ts';
import { VotesPicture } from '../case/VotesPicture.tsx';
import { secondReviewActions, secondReviewTones } from './useSecondReviews.ts';
import '../../grid/list.css';
import '../case/case.css';

type Detail = NonNullable<SecondReviewDetailQuery['secondReview']>;

/** One confirmation to be looked at again, with the evidence and without what the first reviewer said, until one has decided. */
export function SecondReviewPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const client = useQueryClient();
  const { data, error, refetch } = useRead(SecondReviewDetailDocument, { id }, { key: ['secondReview', id] });
  useLogChanges(secondReviewActions, refetch);
  return (
    <RecordFrame
      back={{ to: '/second-reviews', label: t('secondReviews.back') }}
      record={data?.secondReview}
      error={error}
      retry={() => void refetch()}
      missing={{ title: t('secondReviews.notFound'), text: t('secondReviews.notFoundText', { id }) }}
    >
      {(review) => <ReviewBody key={id} review={review} changed={() => void client.invalidateQueries({ queryKey: ['secondReview', id] })} />}
    </RecordFrame>
  );
}

interface ReviewProps {
  readonly review: Detail;
  readonly changed: () => void;
}

function ReviewBody({ review, changed }: ReviewProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { case: about } = review;
  return (
    <>
      <PageHeading title={t('secondReviews.title', { scenario: about.scenario.name })}>
        <p className="head-facts">
          <Mark tone={secondReviewTones[review.state]}>{t(`secondReviews.state.${review.state}`)}</Mark>
          <Link to={buyerPath(about.buyer.id)}>{t('case.buyer', { id: about.buyer.id })}</Link>
          <span className="hint">{t('secondReviews.confirmedAt', { at: formats.dateTime(review.confirmedAt) })}</span>
          {review.state !== 'OPEN' && <Link to={casePath(about.id)}>{t('appeals.openCase')}</Link>}
        </p>
      </PageHeading>
      <div className="record-columns">
        <SectionBoundary>
          <Evidence caseId={about.id} />
        </SectionBoundary>
        {/* On narrow screens, too, after what it rests on. */}
        <div>{review.state === 'OPEN' ? <Verdict review={review} changed={changed} /> : <Outcome review={review} />}</div>
      </div>
    </>
  );
}

// The same sections as on the case's page, but for its decision, its time line and its reasons.
function Evidence({ caseId }: { readonly caseId: string }) {
  const { data, error, refetch } = useCase(caseId);
  const shown = data?.case;
  if (shown === undefined || shown === null) return error === null ? <div className="skeleton is-card" /> : <FailureNotice error={error} retry={() => void refetch()} />;
  return (
    <div>
      <CollusionSection shown={shown} />
      <CaseTags shown={shown} />
      <RiskSection buyer={shown.buyer} level={shown.explanation.riskLevel} />
      <section className="card case-window">
        <VotesPicture shown={shown} />
      </section>
    </div>
  );
}

function Verdict({ review, changed }: ReviewProps) {
  const { t } = useTranslation();
  const ask = useAsk();

  async function decide(agree: boolean, reason: string): Promise<void> {
    try {
      const { decideSecondReview } = await ask(DecideSecondReviewDocument, { input: { id: review.id, agree, reason } });
      settled(decideSecondReview);
    } finally {
      changed();
    }
  }

  return (
    <Card title={t('secondReviews.decide')}>
      {review.canDecide ? (
        <>
          <p>{t('secondReviews.decideText')}</p>
          <VerdictForm label={t('secondReviews.reason')} hint={t('secondReviews.reasonHint')} accept={t('secondReviews.agree')} decline={t('secondReviews.disagree')} decide={decide} />
        </>
      ) : (
        <Alert type="info" showIcon title={t('secondReviews.cannot')} />
      )}
    </Card>
  );
}

function Outcome({ review }: { readonly review: Detail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const actorName = useActorName();
  const { first, decidedAt } = review;
  return (
    <>
      {first !== null && (
        <Card title={t('secondReviews.first')}>
          <p className="quote" data-verbatim>
            {first.reasonText}
          </p>
          <p className="hint">{t('appeals.outcomeBy', { by: actorName(first.by), at: formats.dateTime(first.at) })}</p>
        </Card>
      )}
      <Card title={t('secondReviews.outcome')}>
        <Mark tone={secondReviewTones[review.state]}>{t(`secondReviews.state.${review.state}`)}</Mark>
        {review.reason !== null && <p className="quote" data-verbatim>{review.reason}</p>}
        {decidedAt !== null && <p className="hint">{t('appeals.outcomeBy', { by: review.decidedBy ?? '–', at: formats.dateTime(decidedAt) })}</p>}
        {review.state === 'DISAGREED' && <p>{t('secondReviews.queued')}</p>}
      </Card>
    </>
  );
}
