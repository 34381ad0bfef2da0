import { vi } from 'vitest';

/** One request that reached the fake server. */
export interface SeenRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Replaces fetch by a server that gives `answer` to each request, and returns the list of what it was asked. */
export function fakeServer(answer: (request: SeenRequest) => Response | Promise<Response>): SeenRequest[] {
  const seen: SeenRequest[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const request = { url, headers: new Headers(init.headers), body: JSON.parse(String(init.body)) as unknown };
    seen.push(request);
    return answer(request);
  });
  return seen;
}

export function unauthenticated(status: number): Response {
  return Response.json(
    { errors: [{ message: 'token expired', extensions: { code: 'UNAUTHENTICATED', requestId: 'req-7' } }] },
    { status },
  );
}
