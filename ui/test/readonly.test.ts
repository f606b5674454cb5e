// Read-only connections, and a Prism that only Glint's configuration names.
import { flushSync, mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { contextOf, type ConnectionState } from '../src/connectionState.svelte';
import type { Envelope } from '../src/contract';
import SendBar from '../src/panels/call/SendBar.svelte';
import { Adding } from '../src/panels/connections/adding.svelte';
import DiscoveredCard from '../src/panels/connections/DiscoveredCard.svelte';
import { Editing } from '../src/panels/connections/editing.svelte';
import OneBar from '../src/panels/definitions/OneBar.svelte';
import RulesBar from '../src/panels/rules/RulesBar.svelte';
import AllowSheet from '../src/shell/AllowSheet.svelte';
import ConnectionMenu from '../src/shell/ConnectionMenu.svelte';
import { workspace } from '../src/workspace.svelte';
import { connected, connectionOf, identityOf } from './given';

const live = connectionOf({
  id: 'p',
  name: 'Harbor',
  environment: 'production',
  read_only: true,
  identities: [identityOf()],
});
const review = {
  rules: [],
  consumers: [],
  people: [],
  app_mode: 'open',
  app_mode_after: 'open',
  owner_mode: 'open',
  owner_mode_after: 'open',
  warnings: [],
  limits: [],
  blocked: null,
  base: '1',
  acts_as: 'olivia',
};
const found = {
  prism_url: 'https://prism.example.net',
  glint_url: 'https://glint.example.com',
  prism_named_by: 'configuration',
  provider_client_id: 'p',
  suggested_name: 'Harbor',
  suggested_environment: 'production',
  found: [],
  problems: [],
};
let asked: Envelope[] = [];
let at: ConnectionState;
const views: Record<string, unknown>[] = [];

const mounted = (view: Record<string, unknown>): void => void (views.push(view), flushSync());
const off = (): HTMLElement | null => document.querySelector('[data-key="send"][aria-disabled="true"]');
const sentNames = (): string[] => asked.map((one) => one.operation);

beforeEach(() => {
  asked = [];
  document.body.replaceChildren();
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const envelope = JSON.parse(String(init.body)) as Envelope;
    asked.push(envelope);
    const replies: Record<string, unknown> = {
      review_access: review,
      check_definition: { problems: [] },
      discover_connection: found,
      add_connection: { connections: [live], problems: [] },
      edit_connection: { connections: [{ ...live, read_only: false }], problems: [] },
    };
    return new Response(`${JSON.stringify({ reply: replies[envelope.operation] ?? {} })}\n`);
  });
  at = connected(live);
});
afterEach(async () => {
  for (const view of views.splice(0)) await unmount(view);
  vi.unstubAllGlobals();
});

test('rules: saving is off with the reason, and the way to allow changes stands beside it', async () => {
  at.rules.stage({ rule_type: 'app_allow', target_id: 'x' });
  await at.rules.look();
  mounted(
    mount(RulesBar, { target: document.body, context: contextOf(at), props: { onsave: () => void at.rules.apply() } }),
  );
  expect(off()?.title).toBe('This connection is read-only.');
  await at.rules.apply();
  expect(sentNames()).toEqual(['review_access']);
  document.querySelector<HTMLElement>('[data-do="allow-changes"]')?.click();
  expect(at.allowing).toBe(true);
});

test.each(['add', 'edit', 'remove'] as const)(
  'one definition (%s): sending is off, also where it is a deletion',
  async (kind) => {
    if (kind === 'add') at.single.add();
    else at.single[kind]({ scope: 'read_todos', title: '', description: '' });
    at.single.type('title', 'Read');
    mounted(
      mount(OneBar, {
        target: document.body,
        context: contextOf(at),
        props: { onsend: () => void at.single.send(), actsAs: null },
      }),
    );
    expect(off()?.title).toBe('This connection is read-only.');
    expect(await at.single.send()).toBe(false);
    expect(asked).toEqual([]);
  },
);

test('calls: a route that writes is off, one that reads is not', () => {
  const route = (id: string, writes: boolean) => ({
    id,
    method: 'GET',
    path: '/',
    group: 'todos',
    scopes: [],
    bundle: false,
    permissions: [],
    team_level: false,
    inputs: [],
    writes,
    order: [],
  });
  at.session.routes = [route('w', true), route('r', false)] as never;
  at.session.routeId = 'w';
  mounted(mount(SendBar, { target: document.body, context: contextOf(at) }));
  expect(off()).not.toBeNull();
  at.session.send(true);
  expect(sentNames()).toEqual([]);
  at.session.routeId = 'r';
  flushSync();
  expect([off(), document.querySelector('[data-do="allow-changes"]')]).toEqual([null, null]);
});

test('changes are allowed only by the question, which names the connection; a switch closes it', async () => {
  workspace.setConnections([live, connectionOf()]);
  mounted(mount(AllowSheet, { target: document.body, context: contextOf(at) }));
  at.allowing = true;
  flushSync();
  expect(document.body.textContent).toContain('Allow changes at Harbor?');
  workspace.activate('sandbox');
  flushSync();
  expect(document.body.textContent).not.toContain('Harbor');
  expect(asked).toEqual([]);
  workspace.activate('p');
  at.allowing = true;
  flushSync();
  document.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(at.readOnly).toBe(false));
  expect(asked.map((one) => one.args)).toEqual([{ connection: 'p', read_only: false }]);
});

test('the top bar says that the connection is read-only', () => {
  mounted(mount(ConnectionMenu, { target: document.body }));
  expect(document.querySelector('.connection [data-read-only]')?.textContent).toContain('Read-only');
  workspace.setConnections([{ ...live, read_only: false }]);
  flushSync();
  expect(document.querySelector('[data-read-only]')).toBeNull();
});

test('the form: only a choice is sent, and production starts read-only', () => {
  workspace.readOnlyEnvironments = ['production'];
  const edit = new Editing({ ...live, environment: 'staging', read_only: false });
  expect(edit.willBeReadOnly).toBe(false);
  edit.environment = 'production';
  expect([edit.willBeReadOnly, edit.changes()]).toEqual([true, { connection: 'p', environment: 'production' }]);
  edit.readOnly = true;
  expect(edit.changes()).toMatchObject({ read_only: true });
});

test('a Prism that only a configuration names is added after an explicit confirmation of both origins', async () => {
  const adding = new Adding();
  adding.address = 'https://glint.example.com';
  await adding.lookUp();
  mounted(mount(DiscoveredCard, { target: document.body, props: { adding } }));
  const origins = document.querySelector('[data-origins]')?.textContent;
  expect([origins?.includes(found.glint_url), origins?.includes(found.prism_url)]).toEqual([true, true]);
  expect(off()?.title).toBe('Confirm the address of Prism first');
  expect(await adding.add()).toBe(false);
  expect(sentNames()).toEqual(['discover_connection']);
  document.querySelector<HTMLInputElement>('[data-do="confirm-prism"]')?.click();
  await tick();
  expect(off()).toBeNull();
  expect(await adding.add()).toBe(true);
  expect(asked.at(-1)?.args).toMatchObject({
    prism_url: found.prism_url,
    glint_url: found.glint_url,
    prism_named_by: 'person',
  });
});
