import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { Card } from '../../shell/Card.tsx';
import { SimulationResult } from './SimulationResult.tsx';
import type { Simulation } from './useSimulation.ts';

interface SimulationCardProps {
  readonly simulation: Simulation;
  /** Whether the result is of the numbers as they are now. */
  readonly current: boolean;
  readonly disabled: boolean;
  readonly start: (handledPerDay: number | null) => void;
}

/** What the draft would have made of history. */
export function SimulationCard({ simulation: { running, result, stop }, current, disabled, start }: SimulationCardProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const [rate, setRate] = useState<number | null>(null);
  return (
    <Card title={t('policy.simulation')}>
      <p className="hint">{t('policy.simulationHint')}</p>
      <div className="policy-field">
        <label htmlFor="policy-rate">{t('policy.rate')}</label>
        <InputNumber id="policy-rate" precision={0} min={1} max={1_000_000} placeholder={t('policy.presentRate')} value={rate} onChange={setRate} />
      </div>
      <div className="policy-buttons">
        <Button loading={running !== undefined} disabled={disabled} onClick={() => start(rate)}>
          {t('policy.simulate')}
        </Button>
        {running !== undefined && <Button onClick={stop}>{t('policy.stop')}</Button>}
      </div>
      {running !== undefined && (
        <p className="hint" aria-live="polite">
          <progress aria-label={t('policy.simulation')} max={Math.max(1, running.of)} value={running.done} /> {t('policy.simulating', { done: number(running.done), all: number(running.of) })}
        </p>
      )}
      {result !== undefined && !current && <p className="policy-stale">{t('policy.simulationStale')}</p>}
      {result !== undefined && <SimulationResult result={result} />}
    </Card>
  );
}
