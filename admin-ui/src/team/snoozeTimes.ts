const hour = 3_600_000;

/** How long to snooze, as is offered. */
export const snoozeOffers = ['hour', 'fourHours', 'morning'] as const;
export type SnoozeOffer = (typeof snoozeOffers)[number];

/** When an offer ends, in milliseconds since 1970; the morning is that of the next day where the person is. */
export function snoozeEnd(offer: SnoozeOffer, now: number): number {
  switch (offer) {
    case 'hour':
      return now + hour;
    case 'fourHours':
      return now + 4 * hour;
    case 'morning': {
      const morning = new Date(now);
      morning.setDate(morning.getDate() + 1);
      return morning.setHours(9, 0, 0, 0);
    }
  }
}

/** Whether a case that is due at a time can be snoozed until another one; all in milliseconds. */
export function maySnooze(until: number, now: number, due: number): boolean {
  return until > now && until < due;
}

/** A time as a field of the browser takes and gives it: the person's own, to the minute. */
export function fieldTime(time: number): string {
  const own = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return own.toISOString().slice(0, 16);
}

/** The time that such a field holds, in milliseconds since 1970; NaN while it holds none. */
export function timeOfField(text: string): number {
  return text === '' ? Number.NaN : new Date(text).getTime();
}
