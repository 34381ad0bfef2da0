import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { couldBeNumber, numbersOf, takenAsNumber, without, type PastedText, type PieceKind } from './orderNumbers.ts';

// More would make the page long and slow; what is beyond is counted.
const mostShown = 200;

interface PastedNumbersProps {
  readonly pasted: PastedText;
  readonly change: (text: string) => void;
}

/** What was pasted, as it was understood, before anything is sent: each piece can be dropped with a click. */
export function PastedNumbers({ pasted, change }: PastedNumbersProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const count = (...kinds: readonly PieceKind[]) => pasted.pieces.filter(({ kind }) => kinds.includes(kind)).length;
  const duplicates = count('duplicate');
  const others = count('other', 'shortened');
  const good = numbersOf(pasted);
  if (pasted.pieces.length === 0) return null;
  return (
    <div className="pasted">
      <p className="pasted-count" aria-live="polite">
        {t('shop.paste.found', { number: formats.number(good.length) })}
        {duplicates > 0 && ` · ${t('shop.paste.duplicates', { number: formats.number(duplicates) })}`}
        {others > 0 && ` · ${t('shop.paste.others', { number: formats.number(others) })}`}
      </p>
      {count('shortened') > 0 && (
        <p className="field-error" role="alert">
          {t('shop.paste.shortened')}
        </p>
      )}
      {good.length > 0 && (
        <ul className="chips" aria-label={t('shop.paste.numbers')}>
          {good.slice(0, mostShown).map((text) => (
            <Chip key={text} text={text} kind="number" drop={() => change(without(pasted, (piece) => piece.text === text))} />
          ))}
          {good.length > mostShown && <li className="muted">{t('shop.paste.more', { number: formats.number(good.length - mostShown) })}</li>}
        </ul>
      )}
      {duplicates > 0 && <LeftOut title={t('shop.paste.repeated')} pasted={pasted} kinds={['duplicate']} change={change} />}
      {others > 0 && <LeftOut title={t('shop.paste.notNumbers')} pasted={pasted} kinds={['other', 'shortened']} change={change} />}
    </div>
  );
}

interface LeftOutProps extends PastedNumbersProps {
  readonly title: string;
  readonly kinds: readonly PieceKind[];
}

/** Pieces that are not sent, each text once with how often it stands there. */
function LeftOut({ title, pasted, kinds, change }: LeftOutProps) {
  const { t } = useTranslation();
  const times = new Map<string, { count: number; kind: PieceKind }>();
  for (const { text, kind } of pasted.pieces) {
    if (kinds.includes(kind)) times.set(text, { count: (times.get(text)?.count ?? 0) + 1, kind });
  }
  const listed = [...times];
  return (
    <section className="left-out" aria-label={title}>
      <div className="left-out-head">
        <span>{title}</span>
        <Button type="link" size="small" onClick={() => change(without(pasted, ({ kind }) => kinds.includes(kind)))}>
          {t('shop.paste.dropAll')}
        </Button>
      </div>
      <ul className="chips">
        {listed.slice(0, mostShown).map(([text, { count, kind }]) => (
          <Chip
            key={text}
            text={count > 1 ? t('shop.paste.times', { text, count }) : text}
            kind={kind}
            drop={() => change(without(pasted, (piece) => piece.text === text && kinds.includes(piece.kind)))}
            take={kind === 'other' && couldBeNumber(text) ? () => change(takenAsNumber(pasted, text)) : undefined}
          />
        ))}
        {listed.length > mostShown && <li className="muted">{t('shop.paste.more', { number: listed.length - mostShown })}</li>}
      </ul>
    </section>
  );
}

interface ChipProps {
  readonly text: string;
  readonly kind: PieceKind;
  readonly drop: () => void;
  /** Takes it for an order number after all. */
  readonly take?: (() => void) | undefined;
}

function Chip({ text, kind, drop, take }: ChipProps) {
  const { t } = useTranslation();
  return (
    <li className={`chip is-${kind}`}>
      <span>{text}</span>
      {take !== undefined && (
        <button type="button" title={t('shop.paste.take', { text })} aria-label={t('shop.paste.take', { text })} onClick={take}>
          +
        </button>
      )}
      <button type="button" title={t('shop.paste.drop', { text })} aria-label={t('shop.paste.drop', { text })} onClick={drop}>
        ×
      </button>
    </li>
  );
}
