import type { Language } from '../i18n/language.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Dates, numbers and durations as a language writes them. Times are shown in the platform's time zone, where the server has said it. */
export interface Formats {
  /** Day and time to the minute. */
  dateTime(time: string): string;
  /** The same with the time zone, where a time stands beside others that name theirs. */
  zonedTime(time: string): string;
  date(time: string): string;
  /** The same without the year, for the axes of charts. */
  dayShort(time: string): string;
  /** To the millisecond, for files. */
  fileTime(time: string): string;
  /** The time of day, to the second. */
  clock(time: string): string;
  /** To the second, for logs. */
  exactTime(time: string): string;
  number(value: number): string;
  /** One or two decimals, for weights and scores. */
  decimal(value: number): string;
  percent(share: number): string;
  /** An amount given in hundredths of the currency's unit. */
  money(cents: number, currency: string): string;
  /** The two largest units of a span of milliseconds, sign ignored; below a minute, the word for that. */
  duration(milliseconds: number): string;
  list(words: readonly string[]): string;
  /** A name before its value: with a colon. */
  label(name: string): string;
}

const cache = new Map<string, Formats>();

/** What a language writes, with the times of a zone; of the browser's own for undefined. */
export function formatsFor(language: Language, zone?: string): Formats {
  const key = `${language} ${zone ?? ''}`;
  let formats = cache.get(key);
  if (formats === undefined) {
    formats = createFormats(language, zone);
    cache.set(key, formats);
  }
  return formats;
}

function createFormats(language: Language, zone: string | undefined): Formats {
  const inZone = zone === undefined ? {} : { timeZone: zone };
  const toDay = digits(inZone);
  const toMinute = digits({ ...inZone, hour: '2-digit', minute: '2-digit' });
  const toSecond = digits({ ...inZone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const offset = new Intl.DateTimeFormat('en', { ...inZone, timeZoneName: 'longOffset' });
  const dayShort = new Intl.DateTimeFormat(language, { ...inZone, month: 'numeric', day: 'numeric' });
  const clock = new Intl.DateTimeFormat(language, { ...inZone, timeStyle: 'medium', hourCycle: 'h23' });
  const number = new Intl.NumberFormat(language);
  const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const list = new Intl.ListFormat(language, { type: 'conjunction', style: 'narrow' });
  const units = spanUnits(language);
  return {
    dateTime: (time) => written(time, toMinute),
    zonedTime: (time) => `${written(time, toMinute)} ${zoneOf(time, offset)}`,
    date: (time) => written(time, toDay),
    dayShort: (time) => dayShort.format(new Date(time)),
    fileTime: (time) => `${written(time, toSecond)}.${String(new Date(time).getMilliseconds()).padStart(3, '0')}`,
    clock: (time) => clock.format(new Date(time)),
    exactTime: (time) => written(time, toSecond),
    number: (value) => number.format(value),
    decimal: (value) => decimal.format(value),
    percent: (share) => percent.format(share),
    money: (cents, currency) => new Intl.NumberFormat(language, { style: 'currency', currency }).format(cents / 100),
    duration: (milliseconds) => duration(Math.abs(milliseconds), units),
    list: (words) => list.format(words),
    label: (name) => (language === 'zh-CN' ? `${name}：` : `${name}: `),
  };
}

// 2026-06-04 01:31: the same in every language, of one length, and in the order of time.
function digits(more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit', ...more });
}

function written(time: string, format: Intl.DateTimeFormat): string {
  return format.format(new Date(time));
}

// As the server writes it: UTC+08:00, or UTC.
function zoneOf(time: string, offset: Intl.DateTimeFormat): string {
  const name = offset.formatToParts(new Date(time)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return name.replace('GMT', 'UTC');
}

type SpanUnits = Record<'day' | 'hour' | 'minute', (value: number) => string> & { readonly least: string; readonly space: string };

function spanUnits(language: Language): SpanUnits {
  const unit = (name: 'day' | 'hour' | 'minute') => {
    const format = new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: language === 'en' ? 'narrow' : 'long' });
    return (value: number) => format.format(value);
  };
  const units = { day: unit('day'), hour: unit('hour'), minute: unit('minute') };
  return { ...units, least: `<${units.minute(1)}`, space: language === 'en' ? ' ' : '' };
}

function duration(span: number, units: SpanUnits): string {
  if (span < minute) return units.least;
  const days = Math.floor(span / day);
  const hours = Math.floor((span % day) / hour);
  const minutes = Math.floor((span % hour) / minute);
  if (days > 0) return hours > 0 ? units.day(days) + units.space + units.hour(hours) : units.day(days);
  if (hours > 0) return minutes > 0 ? units.hour(hours) + units.space + units.minute(minutes) : units.hour(hours);
  return units.minute(minutes);
}
