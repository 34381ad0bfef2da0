import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { EffectFieldsFragment, SimulationFieldsFragment } from '../../gql/graphql.ts';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';

interface SimulationRow {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The figures of a simulation, each under the policy in force and under the draft. */
export function SimulationTable({ result }: { readonly result: SimulationFieldsFragment }) {
  const { t } = useTranslation();
  const rows = useSimulationRows()(result);
  return (
    <ScrollRegion className="decide-rows" label={t('policy.simulation')}>
      <table className="policy-figures">
        <thead>
          <tr>
            <th scope="col">{t('policy.figure')}</th>
            <th scope="col">{t('policy.inForce')}</th>
            <th scope="col">{t('policy.draft')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, before, after }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{before}</td>
              <td>
                <strong>{after}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

export function useSimulationRows(): (result: SimulationFieldsFragment) => readonly SimulationRow[] {
  const { t } = useTranslation();
  const { number, decimal, percent, date } = useFormats();
  return (result) => {
    const row = (name: string, figure: (effect: EffectFieldsFragment) => string): SimulationRow => ({ name, before: figure(result.before), after: figure(result.after) });
    return [
      { name: t('policy.confirmedCases'), before: number(result.confirmedBefore), after: number(result.confirmedAfter) },
      { name: t('policy.succeededTags'), before: number(result.succeededBefore), after: number(result.succeededAfter) },
      row(t('policy.queued'), ({ queued }) => number(queued)),
      row(t('policy.queuedPerDay'), ({ queuedPerDay }) => (queuedPerDay === null ? '–' : decimal(queuedPerDay))),
      row(t('policy.peak'), ({ peak, peakDay }) => (peakDay === null ? '–' : t('policy.peakOn', { peak: number(peak), day: date(peakDay) }))),
      row(t('policy.missed'), ({ missed, queued }) => (missed === null ? t('policy.noRate') : queued === 0 ? percent(0) : percent(missed / queued))),
      row(t('policy.overturnedConfirmed', { all: number(result.overturned) }), ({ overturnedConfirmed }) => number(overturnedConfirmed)),
      row(t('policy.overturnedHeld', { all: number(result.overturned) }), ({ overturnedHeld }) => number(overturnedHeld)),
    ];
  };
}
