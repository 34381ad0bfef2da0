const hour = 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment as the clocks of a zone show it; of the browser's own zone for undefined. */
function clockOf(time: number, zone: string | undefined): string {
  const key = zone ?? '';
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', {
      year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
      ...(zone === undefined ? {} : { timeZone: zone }),
    });
    formats.set(key, format);
  }
  return format.format(time);
}

/** The day of a moment in a zone, as YYYY-MM-DD. */
export function zoneDay(time: number, zone: string | undefined): string {
  return clockOf(time, zone).slice(0, 10);
}

/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
function ahead(time: number, zone: string | undefined): number {
  return Date.parse(`${clockOf(time, zone).replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000;
}

/**
 * When a day, YYYY-MM-DD, begins in a zone; or the day so many days later. As the server finds it: where clocks change at
 * midnight, with the first moment that has the day's name.
 */
export function zoneMidnight(text: string, zone: string | undefined, daysLater = 0): number {
  const midnight = Date.parse(`${text}T00:00:00Z`) + daysLater * 24 * hour;
  const name = new Date(midnight).toISOString().slice(0, 10);
  const distances = [ahead(midnight - 36 * hour, zone), ahead(midnight + 36 * hour, zone)].toSorted((a, b) => b - a);
  const starts = distances.map((distance) => midnight - distance);
  return starts.find((start) => zoneDay(start, zone) >= name) ?? midnight;
}

/** The text when it is a day, YYYY-MM-DD; undefined otherwise. */
export function dayText(text: string | null): string | undefined {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}
