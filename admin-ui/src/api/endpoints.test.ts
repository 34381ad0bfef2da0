import { describe, expect, it } from 'vitest';
import { endpointsOf } from './endpoints.ts';

describe('endpointsOf', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/graphql', 'ws://127.0.0.1:8080/graphql'],
    ['https://tags.example.com', 'https://tags.example.com/graphql', 'wss://tags.example.com/graphql'],
  ])('%s', (origin, http, webSocket) => {
    expect(endpointsOf(origin)).toEqual({ http, sse: http, webSocket });
  });
});
