import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { asProblem } from '../src/call';
import { contextOf, forConnection } from '../src/connectionState.svelte';
import type { CallReport, Connection, Diagnosis, ExchangeView, Input, Route } from '../src/contract';
import { archive } from '../src/panels/call/archive';
import DiagnoseSide from '../src/panels/call/DiagnoseSide.svelte';
import GateLadder from '../src/panels/call/GateLadder.svelte';
import PasteToken from '../src/panels/call/PasteToken.svelte';
import Refusals from '../src/panels/call/Refusals.svelte';
import { differing, matches, sameValues, shortPath, wire } from '../src/panels/call/routes';
import type { CallSession } from '../src/panels/call/session.svelte';
import { workspace } from '../src/workspace.svelte';
import { connected, connectionOf, identityOf } from './given';

function input(name: string, pick: Input['pick'], more: Partial<Input> = {}): Input {
  return { name, pick, place: 'body', required: false, ...more };
}

function route(path: string, more: Partial<Route> = {}): Route {
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

const identity = identityOf();

const exchange: ExchangeView = {
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

const diagnosis: Diagnosis = {
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

const report: CallReport = { call: 'call-1', exchange, diagnosis, cached_list: null, asked: [], problems: [] };

/** Answers operations by name; what was asked is kept. */
function host(replies: Record<string, unknown>): { operation: string; args: Record<string, unknown> }[] {
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

function connect(environment: Connection['environment']): CallSession {
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

beforeEach(() => document.body.replaceChildren());
afterEach(() => vi.unstubAllGlobals());

test('paths lose the prefix most routes share, others keep a slash', () => {
  const known = { all: '/api/c/', most: '/api/c/teams/:t/' };
  expect(shortPath('/api/c/teams/:t/todos/:d', known)).toBe('todos/:d');
  expect(shortPath('/api/c/me', known)).toBe('/me');
});

test('the filter looks at path, scopes, permissions and the scopes of fields', () => {
  const one = route('/api/t', {
    method: 'PATCH',
    permissions: ['edit_any_todo'],
    inputs: [input('title', 'text', { scopes: ['edit_todos'] })],
  });
  expect(matches(one, 'patch edit_todos')).toBe(true);
  expect(matches(one, 'any')).toBe(true);
  expect(matches(one, 'delete')).toBe(false);
  expect(matches(one, '  ')).toBe(true);
});

test('values go by kind; an empty text is not sent; what is no JSON or no number is named', () => {
  const one = route('/api/t', {
    inputs: [input('title', 'text'), input('done', 'bool'), input('sort', 'number'), input('items', 'json')],
  });
  expect(wire(one, { title: '5', done: 'false', sort: '10', items: '[{"a":null}]' })).toEqual({
    values: { title: '5', done: false, sort: 10, items: [{ a: null }] },
    unreadable: [],
  });
  expect(wire(one, { title: '', sort: ' ', items: '{' })).toEqual({ values: {}, unreadable: ['sort', 'items'] });
  expect(sameValues({ a: [1] }, { a: [1] })).toBe(true);
  expect(sameValues({ a: 1 }, { a: 1, b: null })).toBe(false);
  expect(differing('delete_own_todos', 'delete_any_todo')).toBe('any');
});

test('the archive holds the call first, then its evidence, and says why no answer came', () => {
  const { log } = JSON.parse(
    archive({ ...exchange, status: null, failure: 'refused', failure_text: 'connection refused' }, [exchange]),
  ) as { log: { entries: Record<string, Record<string, unknown>>[] } };
  expect(log.entries).toHaveLength(2);
  expect(log.entries[0]).toMatchObject({ _error: 'connection refused', response: { status: 0 } });
  expect(log.entries[1]).toMatchObject({
    request: { method: 'DELETE', postData: { text: '{"a":1}' } },
    response: { status: 403, content: { text: '{"error":"no"}' } },
  });
});

test.each(['production', 'staging', 'sandbox'] as const)(
  'a write to %s asks first, unless it is the sandbox',
  async (environment) => {
    const asked = host({ test_call: report });
    const session = connect(environment);
    session.routes = [route('/api/w', { method: 'DELETE', writes: true })];
    session.routeId = '/api/w';
    session.send();
    expect(session.asking).toBe(environment !== 'sandbox');
    if (environment !== 'sandbox') {
      expect(asked).toEqual([]);
      session.send(true);
    }
    await vi.waitFor(() => expect(session.answer?.report.diagnosis.cause).toBe('scope.undetermined'));
    expect(asked.filter((one) => one.operation === 'test_call')).toHaveLength(1);
    expect(session.running).toBeNull();
  },
);

test('another language tells the same result again, and keeps the old sentences where it would differ', async () => {
  host({ test_call: report });
  const session = connect('staging');
  session.routes = [route('/api/r')];
  session.routeId = '/api/r';
  session.send();
  await vi.waitFor(() => expect(session.answer).not.toBeNull());
  workspace.chooseLanguage('zh');
  host({
    diagnose_text: {
      subjects: [{ ...diagnosis, index: 0, exchange, certainty: 'likely', headline: '别的' }],
      problems: [],
    },
  });
  await session.retell();
  expect(session.answer?.report.diagnosis.headline).toBe(diagnosis.headline);
  expect(session.answer?.lang).toBe('en');
  host({
    diagnose_text: {
      subjects: [{ ...diagnosis, index: 0, exchange, headline: '令牌缺少 `delete_todos`。' }],
      problems: [],
    },
  });
  await session.retell();
  expect(session.answer?.report.diagnosis.headline).toBe('令牌缺少 `delete_todos`。');
  expect(session.answer?.lang).toBe('zh');
  workspace.chooseLanguage('en');
});

test.each([true, false])('a pasted token leaves the page the moment it is sent (taken in: %s)', async (good) => {
  const secret = 'prism_at_canary_4711';
  const asked = host({
    add_identity: good
      ? {
          identity,
          problems: [
            {
              code: 'x',
              severity: 'note',
              message: 'a blank',
              hints: [],
              who: null,
              span: null,
              related: [],
              exchange: null,
            },
          ],
        }
      : new Error('no token'),
    list_connections: { connections: workspace.connections, version: '' },
  });
  connect('sandbox');
  const view = mount(PasteToken, {
    target: document.body,
    context: contextOf(forConnection('sandbox')),
    props: { onclose: () => undefined },
  });
  flushSync();
  const field = document.querySelector<HTMLInputElement>('[data-secret]');
  if (!field) throw new Error('no field');
  field.value = secret;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  document.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
  expect(field.value).toBe('');
  await vi.waitFor(() => expect(document.querySelector('[data-problem]')).not.toBeNull());
  expect(asked[0]).toMatchObject({ operation: 'add_identity', args: { secret } });
  expect(document.documentElement.outerHTML).not.toContain(secret);
  await unmount(view);
});

test('server texts stay text, and unseen characters are shown', async () => {
  const hostile = '<img src=x onerror=alert(1)>\u202e';
  const views = [
    mount(GateLadder, {
      target: document.body,
      props: {
        gates: [
          {
            id: 'token',
            title: hostile,
            question: hostile,
            state: 'failed',
            would_pass: null,
            evidence: [{ kind: 'observed', text: hostile, source: hostile }],
          },
        ],
      },
    }),
    mount(Refusals, {
      target: document.body,
      props: { meanings: true, refusals: [{ status: 401, text: hostile, code: hostile, meaning: hostile, lit: true }] },
    }),
  ];
  expect(document.querySelector('img')).toBeNull();
  expect(document.body.textContent).toContain('⟨U+202E⟩');
  expect(document.querySelector('tr[aria-current]')).not.toBeNull();
  for (const view of views) await unmount(view);
});

test('files: UTF-16 is read by its mark, long texts are held beside the field', async () => {
  const { reader } = connected(connectionOf());
  const utf16 = new Uint8Array([0xff, 0xfe, ...[...'HTTP/1.1 401'].flatMap((c) => [c.charCodeAt(0), 0])]);
  await reader.open(new File([utf16], 'a.txt'));
  expect(reader.held).toMatchObject({ name: 'a.txt', text: 'HTTP/1.1 401' });
  reader.take('short');
  expect([reader.text, reader.held]).toEqual(['short', null]);
  reader.take('x'.repeat(300_000));
  expect([reader.text, reader.held?.bytes]).toEqual(['', 300_000]);
  reader.clear();
});

const heading = (name: string) => ({ ...diagnosis, headline: name, index: 0, exchange });
const openedAs = (name: string) => ({
  text: name,
  rows: [{ index: 0 }],
  titles: { cause: {}, consumer: {}, route: {}, person: {} },
  first: heading(name),
  problems: [],
});

test('the answer is always about the text on the left: another text takes it away, opening and pasting explain at once', async () => {
  const { reader } = connected(connectionOf());
  const asked = host({ open_text: openedAs('first') });
  await reader.open(new File(['HTTP/1.1 403'], 'a.txt'));
  expect(reader.subject?.headline).toBe('first');
  reader.take('HTTP/1.1 401');
  expect([reader.reply, reader.subject]).toEqual([null, null]);
  await reader.explain();
  expect(reader.subject?.headline).toBe('first');
  reader.status = '404';
  expect(reader.subject).toBeNull();
  expect(asked.filter((one) => one.operation === 'open_text').map((one) => one.args.text)).toEqual([
    'HTTP/1.1 403',
    'HTTP/1.1 401',
  ]);
});

test('a text pasted while another is read takes its place; the answer to the first is never shown', async () => {
  const { reader } = connected(connectionOf());
  const answers: ((name: string) => void)[] = [];
  vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
    const { operation } = JSON.parse(String(init.body)) as { operation: string };
    const answer = (reply: unknown) => new Response(`${JSON.stringify({ reply })}\n`);
    if (operation !== 'open_text') return Promise.resolve(answer({}));
    return new Promise<Response>((resolve) => answers.push((name) => resolve(answer(openedAs(name)))));
  });
  reader.take('one');
  const one = reader.explain();
  reader.take('two');
  const two = reader.explain();
  answers[1]?.('two');
  await two;
  answers[0]?.('one');
  await one;
  expect([reader.subject?.headline, reader.busy]).toEqual(['two', false]);
});

test('a paste into the field is explained without a press', async () => {
  const at = connected(connectionOf());
  host({ open_text: openedAs('pasted') });
  const view = mount(DiagnoseSide, { target: document.body, context: contextOf(at) });
  flushSync();
  const field = document.querySelector<HTMLTextAreaElement>('[data-diagnose-text]');
  if (!field) throw new Error('no field');
  field.value = 'HTTP/1.1 403';
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
  await vi.waitFor(() => expect(at.reader.subject?.headline).toBe('pasted'));
  await unmount(view);
});

test('a file that cannot be read is named, and is no fault of the engine', async () => {
  const at = connected(connectionOf());
  const asked = host({});
  const file = new File(['x'], 'gone.har');
  file.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
  const error = await at.reader.open(file).catch((thrown: unknown) => asProblem(thrown));
  expect(error).toMatchObject({
    code: 'file.unreadable',
    message: 'The file gone.har cannot be read.',
    related: ['gone'],
  });
  expect(asked).toEqual([]);
});
