/** When a day, YYYY-MM-DD, begins in the person's time zone; or the day so many days later. */
export function localMidnight(text: string, daysLater = 0): number {
  const [year = 0, month = 1, date = 1] = text.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).getTime();
}

/** The text when it is a day, YYYY-MM-DD; undefined otherwise. */
export function dayText(text: string | null): string | undefined {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}
