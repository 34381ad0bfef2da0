import { useQueryClient } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { RecordFrame } from '../../console/layout/RecordFrame.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { buyerPath, casePath, merchantPath } from '../../console/recordPaths.ts';
import { useAsk } from '../../data/AskContext.ts';
import { useLogChanges } from '../../data/live/useLogChanges.ts';
import { useRead } from '../../data/useRead.ts';
import { settled } from '../../data/userErrors.ts';
import { useFormats } from '../../format/useFormats.ts';
import { AppealDetailDocument, DecideAppealDocument } from '../../gql/graphql.ts';
import { Mark, PermissionMark, StatusMark } from '../../review/marks.tsx';
import { VerdictForm } from '../../review/VerdictForm.tsx';
import { Card } from '../../shell/Card.tsx';
import { appealActions, appealTones } from './useAppeals.ts';
import { FactsCompared, type AppealDetail } from './FactsCompared.tsx';
import '../../grid/list.css';

/** One appeal: what the buyer says, the frozen facts beside today's, and the decision by somebody new to the case. */
export function AppealPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const client = useQueryClient();
  const { data, error, refetch } = useRead(AppealDetailDocument, { id }, { key: ['appeal', id] });
  useLogChanges(appealActions, refetch);
  const changed = () => void client.invalidateQueries({ queryKey: ['appeal', id] });
  return (
    <RecordFrame
      back={{ to: '/appeals', label: t('appeals.back') }}
      record={data?.appeal}
      error={error}
      retry={() => void refetch()}
      missing={{ title: t('appeals.notFound'), text: t('appeals.notFoundText', { id }) }}
    >
      {(appeal) => <AppealBody key={id} appeal={appeal} changed={changed} />}
    </RecordFrame>
  );
}

interface AppealBodyProps {
  readonly appeal: AppealDetail;
  readonly changed: () => void;
}

function AppealBody({ appeal, changed }: AppealBodyProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const about = appeal.case;
  return (
    <>
      <PageHeading title={t('appeals.title', { scenario: about?.scenario.name ?? appeal.id })}>
        <p className="head-facts">
          <Mark tone={appealTones[appeal.state]}>{t(`appeals.state.${appeal.state}`)}</Mark>
          {about !== null && (
            <>
              <Link to={buyerPath(about.buyer.id)}>{t('case.buyer', { id: about.buyer.id })}</Link>
              <Link to={casePath(about.id)}>{t('appeals.openCase')}</Link>
            </>
          )}
        </p>
      </PageHeading>
      <div className="record-columns">
        <div>
          <Card title={t('appeals.statement')}>
            <p className="quote" data-verbatim>{appeal.statement}</p>
            <p className="hint">{t('appeals.filedBy', { by: appeal.filedBy, at: formats.dateTime(appeal.filedAt) })}</p>
          </Card>
          <SectionBoundary>
            <FactsCompared appeal={appeal} />
          </SectionBoundary>
          <FrozenTags appeal={appeal} />
        </div>
        {/* On narrow screens, too, after what it rests on. */}
        <div>
          <AppealDecision appeal={appeal} changed={changed} />
        </div>
      </div>
    </>
  );
}

function AppealDecision({ appeal, changed }: AppealBodyProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const ask = useAsk();

  async function decide(accept: boolean, reply: string): Promise<void> {
    try {
      const { decideAppeal } = await ask(DecideAppealDocument, { input: { id: appeal.id, accept, reply } });
      settled(decideAppeal);
    } finally {
      changed();
    }
  }

  if (appeal.state !== 'OPEN') {
    return (
      <Card title={t('appeals.outcome')}>
        <Mark tone={appealTones[appeal.state]}>{t(`appeals.state.${appeal.state}`)}</Mark>
        <p className="quote" data-verbatim>{appeal.reply}</p>
        {appeal.decidedAt !== null && <p className="hint">{t('appeals.outcomeBy', { by: appeal.decidedBy ?? '–', at: formats.dateTime(appeal.decidedAt) })}</p>}
      </Card>
    );
  }
  return (
    <Card title={t('appeals.decide')}>
      {appeal.canDecide ? (
        <>
          <p>{t('appeals.decideText')}</p>
          <VerdictForm label={t('appeals.reply')} hint={t('appeals.replyHint')} accept={t('appeals.overturn')} decline={t('appeals.uphold')} danger decide={decide} />
        </>
      ) : (
        <Alert type="info" showIcon title={t('appeals.cannot')} />
      )}
    </Card>
  );
}

function FrozenTags({ appeal }: { readonly appeal: AppealDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const tags = appeal.facts?.tags ?? [];
  return (
    <Card title={t('appeals.tagsThen')}>
      {tags.length === 0 && <p className="hint">{t('list.none')}</p>}
      <ul className="record-list">
        {tags.map((tag) => (
          <li key={tag.orderNo}>
            <div className="record-line">
              <Link to={merchantPath(tag.merchant.id)}>{tag.merchant.name}</Link>
              <StatusMark status={tag.status} />
              {tag.merchant.permission !== 'ACTIVE' && <PermissionMark permission={tag.merchant.permission} />}
              <span className="hint">{t('case.order', { orderNo: tag.orderNo })}</span>
              <time dateTime={tag.submittedAt}>{formats.dateTime(tag.submittedAt)}</time>
            </div>
            {tag.note !== null && <p className="lines" data-verbatim>{tag.note}</p>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
