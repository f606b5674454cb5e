import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { contextOf, forConnection } from '../src/connectionState.svelte';
import { archive } from '../src/panels/call/archive';
import PasteToken from '../src/panels/call/PasteToken.svelte';
import { differing, matches, sameValues, shortPath, wire } from '../src/panels/call/routes';
import { workspace } from '../src/workspace.svelte';
import { input, route, identity, exchange, diagnosis, report, host, connect } from './callGiven';

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
