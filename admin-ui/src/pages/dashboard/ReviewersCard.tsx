import { useTranslation } from 'react-i18next';
import { NumberLink } from '../../charts/NumberLink.tsx';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { DashboardQuery } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';
import { shareText, sums } from './AgreementCard.tsx';
import type { RowsOf } from './useRows.ts';

interface ReviewersCardProps {
  readonly reviewers: DashboardQuery['reviewerTallies'];
  readonly rows: RowsOf;
}

/** What each reviewer did, and what became of it; to a reviewer their own alone. */
export function ReviewersCard({ reviewers, rows }: ReviewersCardProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { id: me } = useConsoleViewer();
  return (
    <div className="dashboard-wide">
      <Card title={t('dashboard.reviewers.title')}>
        {reviewers.length === 0 ? (
          <p className="chart-empty">{t('chart.empty')}</p>
        ) : (
          <ScrollRegion className="decide-rows" label={t('dashboard.reviewers.title')}>
            <table className="figure-table">
              <thead>
                <tr>
                  <th scope="col">{t('dashboard.reviewers.name')}</th>
                  <th scope="col">{t('dashboard.reviewers.handled')}</th>
                  <th scope="col">{t('dashboard.reviewers.median')}</th>
                  <th scope="col">{t('dashboard.agreement.share')}</th>
                  <th scope="col">{t('dashboard.agreement.reviewed')}</th>
                  <th scope="col">{t('dashboard.agreement.disagreed')}</th>
                  <th scope="col">{t('dashboard.reviewers.overturned')}</th>
                  <th scope="col">{t('dashboard.reviewers.upheld')}</th>
                </tr>
              </thead>
              <tbody>
                {reviewers.map(({ reviewer, tally, medianHandlingSeconds }) => {
                  const { agreed, disagreed } = sums(tally);
                  return (
                    <tr key={reviewer}>
                      <th scope="row">{reviewer === me ? t('dashboard.reviewers.me', { name: reviewer }) : reviewer}</th>
                      <td>
                        <NumberLink value={tally.confirmed + tally.rejected + tally.kept} path={rows('HANDLED', { reviewer })} />
                      </td>
                      <td>{medianHandlingSeconds === null ? '–' : formats.duration(medianHandlingSeconds * 1000)}</td>
                      <td>{shareText(agreed, disagreed, formats.percent)}</td>
                      <td>
                        <NumberLink value={agreed + disagreed} path={rows('SECOND_REVIEWS', { reviewer })} />
                      </td>
                      <td>
                        <NumberLink value={disagreed} path={rows('DISAGREED', { reviewer })} />
                      </td>
                      <td>
                        <NumberLink value={tally.appealsAccepted} path={rows('APPEALS_ACCEPTED', { reviewer })} />
                      </td>
                      <td>
                        <NumberLink value={tally.appealsDeclined} path={rows('APPEALS_DECLINED', { reviewer })} />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </ScrollRegion>
        )}
      </Card>
    </div>
  );
}
