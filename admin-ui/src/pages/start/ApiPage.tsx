import { useTranslation } from 'react-i18next';
import { endpointsOf } from '../../api/endpoints.ts';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { EndpointsCard } from './EndpointsCard.tsx';
import { IdentityCard } from './IdentityCard.tsx';

/** Who is signed in and where the API is, inside of the console. */
export function ApiPage() {
  const { t } = useTranslation();
  return (
    <div className="page start">
      <PageHeading title={t('nav.start')} />
      <IdentityCard />
      <EndpointsCard endpoints={endpointsOf(window.location.origin)} />
    </div>
  );
}
