// A route, an answer and an engine for the tests of the test call.
import { vi } from 'vitest';

import type { CallReport, Connection, Diagnosis, ExchangeView, Input, Route } from '../src/contract';
import type { CallSession } from '../src/panels/call/session.svelte';
import { connected, connectionOf, identityOf } from './given';

export function input(name: string, pick: Input['pick'], more: Partial<Input> = {}): Input {
  return { name, pick, place: 'body', required: false, ...more };
}

export function route(path: string, more: Partial<Route> = {}): Route {
  return {
    id: path,
    method: 'GET',
    path,
    group: 'todos',
    scopes: ['read_todos'],
    bundle: true,
    permissions: [],
    team_level: false,
    inputs: [],
    writes: false,
    order: [],
    ...more,
  };
}

export const identity = identityOf();

export const exchange: ExchangeView = {
  method: 'DELETE',
  url: 'http://127.0.0.1:2/api/x',
  request_headers: [{ name: 'Authorization', value: 'Bearer ••••' }],
  request_body: '{"a":1}',
  status: 403,
  response_headers: [{ name: 'Content-Type', value: 'application/json' }],
  body: '{"error":"no"}',
  body_pretty: null,
  body_kind: 'json',
  body_bytes: 14,
  failure: null,
  failure_text: null,
  started_at: 1_700_000_000_000,
  elapsed_ms: 3,
  curl: '',
};

export const diagnosis: Diagnosis = {
  status: 403,
  cause: 'scope.undetermined',
  certainty: 'possible',
  headline: 'The token lacks `delete_todos`.',
  detail: '',
  alternatives: [],
  needs: {},
  remedies: [],
  reauthorize: false,
  gates: [],
  evidence: [],
  next_obstacle: null,
  refusals: [],
};

export const report: CallReport = { call: 'call-1', exchange, diagnosis, cached_list: null, asked: [], problems: [] };

/** Answers operations by name; what was asked is kept. */
export function host(replies: Record<string, unknown>): { operation: string; args: Record<string, unknown> }[] {
  const asked: { operation: string; args: Record<string, unknown> }[] = [];
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const envelope = JSON.parse(String(init.body)) as { operation: string; args: Record<string, unknown> };
    asked.push(envelope);
    const reply = replies[envelope.operation];
    return new Response(
      `${JSON.stringify(reply instanceof Error ? { problem: { code: 'x', severity: 'refused', message: reply.message, hints: [], who: null, span: null, related: [], exchange: null } } : { reply: reply ?? {} })}\n`,
    );
  });
  return asked;
}

export function connect(environment: Connection['environment']): CallSession {
  return connected(
    connectionOf({
      id: environment,
      name: 'x',
      environment,
      prism_url: 'http://127.0.0.1:1',
      glint_url: 'http://127.0.0.1:2',
      identities: [identity],
    }),
  ).session;
}
