/** The name of the person's time zone, as the API takes it; null where the browser does not tell. */
export function ownTimeZone(): string | null {
  // Some browsers name zones by their distance alone, which is no name of a zone.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined || !/^[A-Z][A-Za-z_]+(\/[A-Za-z_+\-0-9]+)*$/.test(timeZone) ? null : timeZone;
}
