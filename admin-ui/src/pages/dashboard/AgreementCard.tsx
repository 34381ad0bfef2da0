import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { NumberLink } from '../../charts/NumberLink.tsx';
import { useFormats } from '../../format/useFormats.ts';
import type { AgreementFieldsFragment } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';
import { shareOf } from './dashboardSearch.ts';
import type { Metrics, RowsOf } from './useRows.ts';

interface AgreementCardProps {
  readonly numbers: Metrics;
  readonly rows: RowsOf;
}

interface Line {
  readonly id: string;
  readonly name: string;
  readonly agreed: number;
  readonly disagreed: number;
  readonly all: string;
  readonly against: string;
}

/** How often second reviewers agree: with everything, with reviewers, with the rules, and by scenario. */
export function AgreementCard({ numbers, rows }: AgreementCardProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { total, scenarios } = numbers;
  const whole = sums(total);
  const lines: readonly Line[] = [
    { id: 'all', name: t('dashboard.agreement.all'), ...whole, all: rows('SECOND_REVIEWS'), against: rows('DISAGREED') },
    {
      id: 'reviewers', name: t('dashboard.agreement.reviewers'), agreed: total.agreedWithReviewers, disagreed: total.disagreedWithReviewers,
      all: rows('SECOND_REVIEWS_OF_REVIEWERS'), against: rows('DISAGREED_WITH_REVIEWERS'),
    },
    {
      id: 'rules', name: t('dashboard.agreement.rules'), agreed: total.agreedWithRules, disagreed: total.disagreedWithRules,
      all: rows('SECOND_REVIEWS_OF_RULES'), against: rows('DISAGREED_WITH_RULES'),
    },
    ...scenarios
      .map(({ scenario, tally }) => ({
        id: scenario.code, name: scenario.name, ...sums(tally),
        all: rows('SECOND_REVIEWS', { scenario: scenario.code }), against: rows('DISAGREED', { scenario: scenario.code }),
      }))
      .filter(({ agreed, disagreed }) => agreed + disagreed > 0),
  ];
  const share = shareOf(whole.agreed, whole.disagreed);
  return (
    <Card title={t('dashboard.agreement.title')} extra={<strong className="dashboard-headline">{share === undefined ? '–' : formats.percent(share)}</strong>}>
      <p className="hint">
        {t('dashboard.agreement.hint')} <Link to="/second-reviews">{t('nav.secondReviews')}</Link>
      </p>
      <ScrollRegion className="decide-rows" label={t('dashboard.agreement.title')}>
        <table className="figure-table">
          <thead>
            <tr>
              <th scope="col">{t('dashboard.agreement.of')}</th>
              <th scope="col">{t('dashboard.agreement.share')}</th>
              <th scope="col">{t('dashboard.agreement.reviewed')}</th>
              <th scope="col">{t('dashboard.agreement.disagreed')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ id, name, agreed, disagreed, all, against }) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                <td>{shareText(agreed, disagreed, formats.percent)}</td>
                <td>
                  <NumberLink value={agreed + disagreed} path={all} />
                </td>
                <td>
                  <NumberLink value={disagreed} path={against} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Card>
  );
}

/** All second reviews of a tally. */
export function sums(tally: AgreementFieldsFragment): { readonly agreed: number; readonly disagreed: number } {
  return { agreed: tally.agreedWithReviewers + tally.agreedWithRules, disagreed: tally.disagreedWithReviewers + tally.disagreedWithRules };
}

export function shareText(part: number, rest: number, percent: (share: number) => string): string {
  const share = shareOf(part, rest);
  return share === undefined ? '–' : percent(share);
}
