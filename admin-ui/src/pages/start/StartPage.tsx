import { useTranslation } from 'react-i18next';
import { endpointsOf } from '../../api/endpoints.ts';
import { TopBar } from '../../shell/TopBar.tsx';
import { EndpointsCard } from './EndpointsCard.tsx';
import { IdentityCard } from './IdentityCard.tsx';

/** Where a sign-in link leads: who is signed in, and the ways to the API. */
export function StartPage() {
  const { t } = useTranslation();
  return (
    <>
      <TopBar current="start" />
      <main className="start">
        <h1>{t('start.heading')}</h1>
        <p className="intro">{t('start.intro')}</p>
        <IdentityCard />
        <section className="card" aria-labelledby="explore-heading">
          <h2 id="explore-heading">{t('explore.heading')}</h2>
          <p>{t('explore.text')}</p>
          <a className="button" href="/graphiql">
            {t('explore.open')}
          </a>
        </section>
        <EndpointsCard endpoints={endpointsOf(window.location.origin)} />
      </main>
    </>
  );
}
