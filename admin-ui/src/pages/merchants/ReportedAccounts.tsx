import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { buyerPath, merchantPath } from '../../console/recordPaths.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { ReportedAccountsDocument, type ReportedAccountsQuery } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';

/** The accounts that a shop's record rests on: who bore it out about each, and what came of its reports. */
export function ReportedAccounts({ merchantId }: { readonly merchantId: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useRead(ReportedAccountsDocument, { merchantId }, { key: ['merchant', merchantId, 'accounts'] });
  const accounts = data?.reportedAccounts;
  return (
    <Card title={t('merchants.accounts')} extra={<span className="hint">{t('merchants.accountsHint')}</span>}>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {accounts?.length === 0 && <p className="hint">{t('merchants.noAccounts')}</p>}
      {accounts !== undefined && accounts.length > 0 && (
        <ScrollRegion className="compare reported-accounts" label={t('merchants.accounts')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('merchants.account.buyer')}</th>
                <th scope="col">{t('merchants.account.last')}</th>
                <th scope="col" className="is-number">{t('merchants.account.credit')}</th>
                <th scope="col" className="is-number">{t('merchants.account.others')}</th>
                <th scope="col">{t('merchants.account.by')}</th>
                <th scope="col">{t('merchants.account.outcome')}</th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <AccountRow key={account.buyerId} account={account} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Card>
  );
}

function AccountRow({ account }: { readonly account: ReportedAccountsQuery['reportedAccounts'][number] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { buyerId, at, credit, otherShops, borneOutBy, overturned, rejected } = account;
  return (
    <tr>
      <th scope="row">
        <Link to={buyerPath(buyerId)}>{buyerId}</Link>
      </th>
      <td>{formats.dateTime(at)}</td>
      <td className="is-number">{formats.percent(credit)}</td>
      <td className="is-number">{formats.number(otherShops)}</td>
      <td>
        {borneOutBy.map(({ id, name }, index) => (
          <span key={id}>
            {index > 0 && ' · '}
            <Link to={merchantPath(id)}>{name}</Link>
          </span>
        ))}
      </td>
      <td>
        {overturned && <Mark tone="bad">{t('merchants.overturned')}</Mark>} {rejected && <Mark tone="warn">{t('merchants.rejected')}</Mark>}
      </td>
    </tr>
  );
}
