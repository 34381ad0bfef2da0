import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { RecordFrame } from '../../console/layout/RecordFrame.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { appealPath, casePath } from '../../console/recordPaths.ts';
import { useFollow } from '../../data/live/useFollow.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { BuyerRecordDocument, CaseChangesDocument, type BuyerRecordQuery } from '../../gql/graphql.ts';
import { DueTime, Mark, RiskMark, StateMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { appealTones } from '../appeals/useAppeals.ts';
import { RiskSection } from '../case/RiskSection.tsx';
import { ShopsAndAccounts } from '../collusion/ShopsAndAccounts.tsx';
import { restrictionTones } from '../restrictions/useRestrictions.ts';
import { BuyerTags } from './BuyerTags.tsx';
import { InsuranceAnswer } from './InsuranceAnswer.tsx';
import '../../grid/list.css';
import '../case/case.css';

type Buyer = NonNullable<BuyerRecordQuery['buyer']>;

interface PartProps {
  readonly buyer: Buyer;
}

/** One account: the platform's risk data, its cases under all scenarios, and all that hangs on it. */
export function BuyerPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { data, error, refetch } = useBuyer(id);
  return (
    <RecordFrame
      back={{ to: '/buyers', label: t('nav.buyers') }}
      record={data?.buyer}
      error={error}
      retry={() => void refetch()}
      missing={{ title: t('buyers.notFound'), text: t('buyers.notFoundText', { id }) }}
    >
      {(buyer) => <BuyerBody key={id} buyer={buyer} />}
    </RecordFrame>
  );
}

function useBuyer(id: string) {
  const client = useQueryClient();
  const read = useRead(BuyerRecordDocument, { id }, { key: ['buyer', id] });
  const readAgain = () => client.invalidateQueries({ queryKey: ['buyer', id] });
  useFollow({
    document: CaseChangesDocument,
    variables: { filter: { buyerId: id } },
    cursorOf: ({ caseChanged }) => caseChanged.cursor,
    events: () => void readAgain(),
    read: readAgain,
  });
  return read;
}

function BuyerBody({ buyer }: PartProps) {
  const { t } = useTranslation();
  const level = buyer.risk?.level ?? 'UNKNOWN';
  return (
    <>
      <PageHeading title={t('case.buyer', { id: buyer.id })}>
        <p className="head-facts">
          <RiskMark level={level} />
        </p>
      </PageHeading>
      <div className="record-columns">
        <div>
          <BuyerCases buyer={buyer} />
          <SectionBoundary>
            <BuyerTags id={buyer.id} total={buyer.tags.totalCount} />
          </SectionBoundary>
          <SectionBoundary>
            <ShopsAndAccounts buyerId={buyer.id} shops={buyer.tags.nodes.map(({ merchant }) => merchant)} />
          </SectionBoundary>
          <BuyerAppeals buyer={buyer} />
          <BuyerRestrictions buyer={buyer} />
        </div>
        <div className="record-side">
          <SectionBoundary>
            <RiskSection buyer={buyer} level={level} />
          </SectionBoundary>
          <BuyerComplaints buyer={buyer} />
        </div>
      </div>
    </>
  );
}

function BuyerCases({ buyer }: PartProps) {
  const { t } = useTranslation();
  return (
    <Card title={t('buyers.cases')}>
      {buyer.cases.length === 0 && <p className="hint">{t('buyers.noCases')}</p>}
      <ul className="record-list">
        {buyer.cases.map((each) => (
          <li key={each.id} className="record-line">
            <Link to={casePath(each.id)}>{each.scenario.name}</Link>
            <StateMark state={each.state} />
            <span className="hint">{t('queue.votesOf', { count: each.explanation.count, threshold: each.explanation.threshold })}</span>
            {each.handling === 'PENDING' && <DueTime dueAt={each.dueAt} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function BuyerAppeals({ buyer }: PartProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('nav.appeals')}>
      {buyer.appeals.length === 0 && <p className="hint">{t('appeals.empty')}</p>}
      <ul className="record-list">
        {buyer.appeals.map((appeal) => (
          <li key={appeal.id} className="record-line">
            <Link to={appealPath(appeal.id)}>{appeal.case?.scenario.name ?? appeal.id}</Link>
            <Mark tone={appealTones[appeal.state]}>{t(`appeals.state.${appeal.state}`)}</Mark>
            <time dateTime={appeal.filedAt}>{formats.dateTime(appeal.filedAt)}</time>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function BuyerRestrictions({ buyer }: PartProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('nav.restrictions')}>
      {buyer.restrictions.length === 0 && <p className="hint">{t('restrictions.none')}</p>}
      <ul className="record-list">
        {buyer.restrictions.map((restriction) => (
          <li key={restriction.id} className="record-line">
            <Link to={{ pathname: '/restrictions', search: new URLSearchParams({ buyer: buyer.id, open: restriction.id }).toString() }}>
              {formats.list(restriction.modes.map((mode) => t(`restrictions.mode.${mode}`)))}
            </Link>
            <Mark tone={restrictionTones[restriction.state]}>{t(`restrictions.state.${restriction.state}`)}</Mark>
            <span className="hint">{restriction.merchant.name}</span>
            {restriction.state === 'PENDING_REVIEW' && <DueTime dueAt={restriction.decideBy} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function BuyerComplaints({ buyer }: PartProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('buyers.complaints')}>
      {buyer.complaints.length === 0 && <p className="hint">{t('buyers.noComplaints')}</p>}
      <ul className="record-list">
        {buyer.complaints.map((complaint) => (
          <li key={complaint.id}>
            <div className="record-line">
              <span>{t('case.order', { orderNo: complaint.orderNo })}</span>
              <Mark tone={complaint.state === 'OPEN' ? 'info' : 'plain'}>{t(`buyers.complaintState.${complaint.state}`)}</Mark>
              <time dateTime={complaint.openedAt}>{formats.dateTime(complaint.openedAt)}</time>
            </div>
            <InsuranceAnswer orderNo={complaint.orderNo} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
