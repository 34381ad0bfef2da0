import { useTranslation } from 'react-i18next';
import type { ShopScenariosQuery } from '../../gql/graphql.ts';
import { Dialog } from '../../shell/Dialog.tsx';

export type Scenario = ShopScenariosQuery['scenarios'][number];

/** What a scenario is, what it is not, and an example. */
export function ScenarioHelp({ scenario }: { readonly scenario: Scenario }) {
  const { t } = useTranslation();
  return (
    <dl className="facts scenario-help">
      <dt>{t('shop.help.is')}</dt>
      <dd>{scenario.definition}</dd>
      <dt>{t('shop.help.isNot')}</dt>
      <dd>{scenario.notMeant}</dd>
      <dt>{t('shop.help.example')}</dt>
      <dd>{scenario.example}</dd>
      <dt>{t('shop.help.effect')}</dt>
      <dd>{t(`effect.${scenario.effect}`)}</dd>
    </dl>
  );
}

interface AllScenariosProps {
  readonly scenarios: readonly Scenario[];
  readonly close: () => void;
}

/** The whole catalogue, to choose the right one from. */
export function AllScenarios({ scenarios, close }: AllScenariosProps) {
  const { t } = useTranslation();
  return (
    <Dialog open title={t('shop.help.all')} close={close} width={760}>
      {scenarios.map((scenario) => (
        <section key={scenario.code} className="scenario-entry" aria-label={scenario.name}>
          <h3>
            {scenario.name} <span className="muted">{t(`category.${scenario.category}`)}</span>
          </h3>
          <ScenarioHelp scenario={scenario} />
        </section>
      ))}
    </Dialog>
  );
}
