// Close codes by which a server says that the caller may not, or may no longer, listen.
const refusedCodes: readonly number[] = [4401, 4403];

/** The end of a socket, as graphql-ws reports it. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export function isClosing(event: unknown): event is Closing {
  return typeof event === 'object' && event !== null && 'code' in event && 'reason' in event && typeof event.code === 'number';
}

export function isRefusal(event: unknown): boolean {
  return isClosing(event) && refusedCodes.includes(event.code);
}
