import { beforeEach, expect, test, vi } from 'vitest';

import { activeState, forConnection } from '../src/connectionState.svelte';
import type { Problem } from '../src/contract';
import { copyName, secretsOf } from '../src/panels/connections/doing.svelte';
import { blank, Editing, fieldOf } from '../src/panels/connections/editing.svelte';
import { workspace } from '../src/workspace.svelte';
import { connectionOf, identityOf } from './given';

const harbor = connectionOf({
  id: 'c-1',
  name: 'Harbor',
  environment: 'production',
  prism_url: 'https://prism.example.com',
  glint_url: 'https://glint.example.com',
  provider_client_id: 'prism_abc',
});

function problem(code: string, message: string, related: string[] = []): Problem {
  return { code, severity: 'refused', message, hints: [], who: null, span: null, related, exchange: null };
}

beforeEach(() => workspace.setConnections([connectionOf(), harbor]));

test('only what differs is sent, and nothing while nothing does', () => {
  const edit = new Editing(harbor);
  expect(edit.changes()).toBeNull();
  edit.name = ' Harbor east ';
  edit.glint = '';
  expect(edit.changes()).toEqual({ connection: 'c-1', name: 'Harbor east', glint_url: '' });
  expect(edit.moves).toBe(true);
});

test('a colour can be changed and taken away', () => {
  const edit = new Editing({ ...harbor, colour: 'teal' });
  edit.colour = 'red';
  expect(edit.changes()).toEqual({ connection: 'c-1', colour: 'red' });
  edit.colour = null;
  expect(edit.changes()).toEqual({ connection: 'c-1', no_colour: true });
});

test('a blank at the end of a client id is a change: it is a fact about the server', () => {
  const edit = new Editing(harbor);
  edit.client = 'prism_abc ';
  expect(edit.changes()).toEqual({ connection: 'c-1', provider_client_id: 'prism_abc ' });
  expect(edit.moves).toBe(false);
});

test('ports go to the engine as typed, which reads them; the saved ones are no change', () => {
  const edit = new Editing({ ...harbor, transport: { ...harbor.transport, redirect_ports: [47831, 47832] } });
  expect([edit.transport.ports, edit.changes()]).toEqual(['47831, 47832', null]);
  edit.transport.ports = '47831，0 x';
  expect(edit.changes()).toEqual({
    connection: 'c-1',
    transport: { ca_file: null, system_proxy: false, redirect_ports: [], typed_ports: '47831，0 x' },
  });
});

test('a refusal stands at the field the engine names, never at one its sentence quotes', () => {
  const typed = new Editing(harbor).typed;
  expect(fieldOf(problem('address.cleartext', '`https://glint.example.com` is http.', ['glint_url']), typed)).toBe(
    'glint_url',
  );
  expect(fieldOf(problem('address.cleartext', '`https://glint.example.com` is http.'), typed)).toBeNull();
  expect(fieldOf(problem('store.full', 'the disk is full'), typed)).toBeNull();
});

test('a refusal that names its field stands there, and goes once something else is typed', async () => {
  const refusal = problem('address.scheme', 'not an http address', ['prism_url']);
  vi.stubGlobal('fetch', async () => new Response(`${JSON.stringify({ problem: refusal })}\n`));
  const edit = new Editing(harbor);
  edit.prism = 'gopher://prism';
  expect(await edit.save()).toBe(false);
  expect([edit.refused('prism_url')?.code, edit.refused('glint_url')]).toEqual(['address.scheme', null]);
  edit.prism = 'https://prism.example.org';
  expect(edit.refused('prism_url')).toBeNull();
  vi.unstubAllGlobals();
});

test('a copy has a name that no other connection has', () => {
  const word = (name: string, n: number) => `${name} ${n}`;
  expect(copyName('Harbor', ['Harbor', 'Harbor 1', 'Harbor 2'], word)).toBe('Harbor 3');
});

test('what goes with a connection counts the secrets that are kept', () => {
  expect(
    secretsOf(
      connectionOf({ identities: [identityOf(), identityOf({ kept: null }), identityOf({ kept: 'keychain' })] }),
    ),
  ).toBe(2);
});

test('what the servers said is kept by connection: switching back shows it at once', async () => {
  vi.stubGlobal(
    'fetch',
    async () => new Response(`${JSON.stringify({ problem: problem('server.silent', 'no answer') })}\n`),
  );
  await forConnection('c-1').checkServers();
  workspace.activate('sandbox');
  expect(activeState()?.checkProblem).toBeNull();
  expect(forConnection('c-1').trouble).toBe(1);
  workspace.activate('c-1');
  expect(activeState()?.checkProblem?.code).toBe('server.silent');
  expect(activeState()?.checkedAt).not.toBeNull();
});

test('what is entered by hand is added whole and becomes the active one', async () => {
  const asked: unknown[] = [];
  const added = connectionOf({ id: 'c-9', name: 'By hand' });
  vi.stubGlobal('fetch', async (_url: unknown, request: RequestInit) => {
    asked.push(JSON.parse(String(request.body)));
    return new Response(
      `${JSON.stringify({ reply: { connections: [connectionOf(), harbor, added], problems: [], version: '1' } })}\n`,
    );
  });
  const edit = new Editing(blank({ name: 'By hand', glint_url: 'https://glint.example.com' }));
  edit.prism = ' https://prism.example.com ';
  expect(await edit.save()).toBe(true);
  expect(asked[0]).toMatchObject({
    operation: 'add_connection',
    args: {
      name: 'By hand',
      prism_url: 'https://prism.example.com',
      glint_url: 'https://glint.example.com',
      provider_client_id: null,
    },
  });
  expect(workspace.active?.id).toBe('c-9');
});
