import { useTranslation } from 'react-i18next';
import { useActorName } from '../../entry/useActorName.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { AppealDetailQuery } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';

export type AppealDetail = NonNullable<AppealDetailQuery['appeal']>;

interface Row {
  readonly name: string;
  readonly then: string;
  readonly now: string;
}

/** The case as it was when the appeal was filed, beside the case as it is. */
export function FactsCompared({ appeal }: { readonly appeal: AppealDetail }) {
  const { t } = useTranslation();
  const rows = useRows(appeal);
  return (
    <Card title={t('appeals.compare')}>
      <p className="hint">{t('appeals.compareHint')}</p>
      <ScrollRegion className="compare" label={t('appeals.compare')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('appeals.fact')}</th>
              <th scope="col">{t('appeals.then')}</th>
              <th scope="col">{t('appeals.now')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, then, now }) => (
              <tr key={name} className={then === now ? undefined : 'is-changed'}>
                <th scope="row">{name}</th>
                <td>{then}</td>
                <td>
                  {now} {then !== now && <span>{t('appeals.changed')}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Card>
  );
}

const live = ['ACCUMULATING', 'SUCCEEDED'];

function useRows({ facts, case: today }: AppealDetail): readonly Row[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const actorName = useActorName();
  if (facts === null || today === null) return [];
  type Side = Pick<typeof facts, 'state' | 'version' | 'decision' | 'explanation'> & { readonly tags: number };
  const texts: readonly [string, (side: Side) => string][] = [
    [t('appeals.row.state'), ({ state }) => t(`caseState.${state}`)],
    [t('appeals.row.votes'), ({ explanation }) => `${explanation.count} / ${explanation.threshold}`],
    [t('appeals.row.tags'), ({ tags }) => formats.number(tags)],
    [t('appeals.row.risk'), ({ explanation }) => t(`riskLevel.${explanation.riskLevel}`)],
    [t('appeals.row.decision'), ({ decision }) => (decision === null ? '–' : `${t(`decision.done.${decision.decision}`)} · ${actorName(decision.by)}`)],
    [t('appeals.row.reason'), ({ decision }) => decision?.reasonText ?? '–'],
    [t('appeals.row.policy'), ({ explanation }) => String(explanation.policyVersion)],
    [t('appeals.row.version'), ({ version }) => String(version)],
  ];
  const then = { ...facts, tags: facts.tags.length };
  const now = { ...today, tags: today.tags.nodes.filter(({ status }) => live.includes(status)).length };
  return texts.map(([name, text]) => ({ name, then: text(then), now: text(now) }));
}
