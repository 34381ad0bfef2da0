/**
 * Why a request returned no data. `code` is the server's `extensions.code` (UNAUTHENTICATED, FORBIDDEN, …), or one of
 * UNREACHABLE (no answer at all) and BAD_ANSWER (an answer that is not GraphQL, a proxy's page for instance).
 */
export interface RequestFailure {
  readonly code: string;
  readonly message: string;
  /** The request's identifier in the server's log. */
  readonly requestId: string | undefined;
  /** Seconds after which the request may be retried, where the server says so. */
  readonly retryAfter?: number;
}

/** The failure in an answer of the given HTTP status, or undefined when the answer has data and no error. */
export function requestFailure(status: number, answer: unknown): RequestFailure | undefined {
  const first = firstError(answer);
  if (status === 401) return { code: 'UNAUTHENTICATED', message: first?.message ?? '', requestId: first?.requestId };
  if (first !== undefined) return first;
  if (isRecord(answer) && isRecord(answer['data'])) return undefined;
  return { code: 'BAD_ANSWER', message: `HTTP ${status}`, requestId: undefined };
}

function firstError(answer: unknown): RequestFailure | undefined {
  if (!isRecord(answer) || !Array.isArray(answer['errors'])) return undefined;
  const error: unknown = answer['errors'][0];
  if (!isRecord(error)) return undefined;
  const extensions = isRecord(error['extensions']) ? error['extensions'] : {};
  return {
    code: text(extensions['code']) ?? 'INTERNAL',
    message: text(error['message']) ?? '',
    requestId: text(extensions['requestId']),
    ...(typeof extensions['retryAfter'] === 'number' ? { retryAfter: extensions['retryAfter'] } : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
