import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/api.ts';

// Transient failures. Others (a refusal, a bug) are not retried.
const passing: readonly string[] = ['UNREACHABLE', 'BAD_ANSWER', 'RATE_LIMITED', 'UNAVAILABLE', 'INTERNAL'];

const mostRetries = 3;

/** The one retry policy of the console. Only reads are tried again: a change may have happened although its answer got lost. */
export function mayRetry(failures: number, error: unknown): boolean {
  return failures < mostRetries && error instanceof ApiError && passing.includes(error.failure.code);
}

/** Milliseconds before try number `failures` + 2: half a second, then twice as long each time, at most 8 s. */
export function retryDelay(failures: number): number {
  return Math.min(500 * 2 ** failures, 8000);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Live events keep data fresh; refetching on focus would only move the content.
      queries: { retry: mayRetry, retryDelay, staleTime: 30_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
}
