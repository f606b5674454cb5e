// What one action of a person asks of the engine, exactly. All panels are open before it; a hidden one asks nothing.
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { forConnection, type ConnectionState } from '../src/connectionState.svelte';
import type { Envelope } from '../src/contract';
import { doing } from '../src/panels/connections/doing.svelte';
import { reference } from '../src/reference.svelte';
import { panels, workspace, type Panel } from '../src/workspace.svelte';
import { connectionOf, identityOf } from './given';
import { usual } from './isolation';

const me = identityOf({ for_admin: true });
/** A new object with every reading, as from the engine. */
const alpha = () =>
  connectionOf({
    id: 'a',
    name: 'Alpha',
    environment: 'sandbox',
    identities: [{ ...me }],
    admin_identity: me.id,
    provider_client_id: 'prism_p',
  });
const scopes = Array.from({ length: 40 }, (_, index) => `scope_${index}`);
const team = { name: 'team', pick: 'team', place: 'path', required: true };
const route = {
  id: 'r',
  method: 'GET',
  path: '/r',
  group: 'todos',
  scopes: [],
  bundle: false,
  permissions: [],
  team_level: false,
  inputs: [team],
  writes: false,
  order: [],
};
const rowsOf = (action: string) =>
  scopes.map((scope) => ({ scope, action, title: scope, description: '', changes: [], problems: [], line: 1 }));
const counts = { create: 0, update: 0, delete: 0, unchanged: 0, only_at_prism: 0 };
const plan = {
  rows: rowsOf('only_at_prism'),
  counts: { ...counts, only_at_prism: 40 },
  base: '1',
  blocked: null,
  acts_as: 'mia',
  source_count: 0,
  problems: [],
  fixes: [],
};
const rows = scopes.map((scope) => ({ scope, action: 'create', state: 'verified', problem: null }));

const catalog = { ...(usual.open_catalog?.() as object), scopes: [], consumers: [] };

let sent: string[] = [];
let replies: Record<string, unknown> = {};
let at: ConnectionState;
let view: Record<string, unknown>;

/** Runs everything that is waiting, however long it waits. */
async function settle(): Promise<void> {
  flushSync();
  await vi.advanceTimersByTimeAsync(3000);
  flushSync();
  await vi.advanceTimersByTimeAsync(3000);
}

/** The operations an action asked for, with their number where it is not one. */
async function asks(action: () => unknown): Promise<Record<string, number>> {
  sent = [];
  void action();
  await settle();
  const found: Record<string, number> = {};
  for (const operation of sent) found[operation] = (found[operation] ?? 0) + 1;
  return found;
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  sent = [];
  replies = {};
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const { operation } = JSON.parse(String(init.body)) as Envelope;
    sent.push(operation);
    const lists = { connections: [alpha()], problems: [], version: '' };
    const known: Record<string, unknown> = {
      list_connections: lists,
      edit_connection: lists,
      use_admin_identity: lists,
      rename_identity: lists,
      plan_import: plan,
      check_connection: { problems: [], prism_ms: 1, glint_ms: 1 },
      list_routes: { routes: [route] },
      list_reasons: { reasons: [] },
      read_activity: { entries: [] },
      introspect_identity: { identity: me, done: true, exchange: null, problems: [] },
      preview_call: { curl: '', url: '', problems: [] },
      apply_import: { rows, verified: 40, summary: '', halted: null, stopped: false, plan },
      save_definition: {},
      check_definition: { problems: [] },
      open_catalog: catalog,
    };
    return new Response(
      `${JSON.stringify({ reply: replies[operation] ?? known[operation] ?? usual[operation]?.() ?? {} })}\n`,
    );
  });
  reference.listReasons.clear();
  workspace.setConnections([]);
  workspace.setConnections([alpha()]);
  workspace.activate('a');
  at = forConnection('a');
  for (const panel of panels) workspace.openPanel(panel);
  workspace.openPanel('connections');
  view = mount(App, { target: document.body });
  await settle();
});
afterEach(async () => {
  await unmount(view);
  workspace.opened = ['connections'];
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Stages a list of definitions at the panel that is shown. */
async function listed(): Promise<void> {
  workspace.openPanel('definitions');
  at.importer.take('[1]', { kind: 'typed', at: 1 });
  await settle();
}

test('opening the window asks for what it shows, and nothing for the panels behind', async () => {
  expect(new Set(sent)).toEqual(new Set(['list_connections', 'read_vault', 'check_connection']));
});

test.each<[Panel, Record<string, number>]>([
  ['scopes', { open_catalog: 1, build_scopes: 1 }],
  ['definitions', { plan_import: 1 }],
  ['rules', { review_access: 1 }],
  ['call', { list_routes: 1 }],
  ['activity', { read_activity: 1 }],
])('opening %s reads it once; opening it again reads nothing', async (panel, wanted) => {
  expect(await asks(() => workspace.openPanel(panel))).toEqual(wanted);
  expect(await asks(() => workspace.openPanel('connections'))).toEqual({});
  expect(await asks(() => workspace.openPanel(panel))).toEqual({});
});

test.each(panels)(
  'with %s open, introspecting an identity reads the connections again and nothing else',
  async (panel) => {
    workspace.openPanel(panel);
    await settle();
    expect(await asks(() => at.deeds.introspect(me))).toEqual({ introspect_identity: 1, list_connections: 1 });
  },
);

test('what only changes a saved connection asks no server', async () => {
  expect(await asks(() => doing.rename(alpha(), 'Alpha'))).toEqual({ edit_connection: 1 });
  expect(await asks(() => at.setReadOnly(false))).toEqual({ edit_connection: 1 });
  expect(await asks(() => at.deeds.administer(me))).toEqual({ use_admin_identity: 1 });
  expect(await asks(() => at.deeds.rename(me, 'mia'))).toEqual({ rename_identity: 1 });
});

test('forty scopes that are only at Prism: one catalogue and one question about their names', async () => {
  workspace.openPanel('definitions');
  await settle();
  expect(await asks(() => at.importer.take('[1]', { kind: 'typed', at: 1 }))).toEqual({
    plan_import: 1,
    open_catalog: 1,
    build_scopes: 1,
  });
});

test('applying forty definitions: one request to apply, one reading of each thing that is shown', async () => {
  replies.plan_import = { ...plan, rows: rowsOf('create'), counts: { ...counts, create: 40 } };
  await listed();
  expect(await asks(() => at.importer.apply())).toEqual({ apply_import: 1, plan_import: 2 });
  expect(await asks(() => workspace.openPanel('rules'))).toEqual({ review_access: 1 });
  expect(await asks(() => workspace.openPanel('scopes'))).toEqual({ open_catalog: 1, build_scopes: 1 });
});

test('saving one definition', async () => {
  workspace.openPanel('definitions');
  await settle();
  at.single.add();
  at.single.type('scope', 'archive');
  await settle();
  expect(await asks(() => at.single.send())).toEqual({ save_definition: 1, plan_import: 1 });
});

test('typing asks once, after the last key', async () => {
  await listed();
  expect(
    await asks(() =>
      [...'[1, 2]'].forEach((_, index, all) => at.importer.edit(all.slice(0, index + 1).join(''), false)),
    ),
  ).toEqual({ plan_import: 1 });
});

test('applying a change of rules', async () => {
  workspace.openPanel('rules');
  await settle();
  expect(await asks(() => at.rules.stage({ rule_type: 'app_allow', target_id: 'x' }))).toEqual({ review_access: 1 });
  replies.apply_rules = { rows: [], summary: '', halted: null, review: usual.review_access?.() };
  expect(await asks(() => at.rules.apply())).toEqual({ apply_rules: 1, review_access: 1 });
});

test('choosing a route previews it and reads its teams once', async () => {
  workspace.openPanel('call');
  await settle();
  expect(await asks(() => (at.session.routeId = 'r'))).toEqual({ preview_call: 1, list_choices: 1 });
});

test('another language reads what is told in it, once', async () => {
  workspace.openPanel('rules');
  await settle();
  expect(await asks(() => workspace.chooseLanguage('zh'))).toEqual({
    list_connections: 1,
    read_vault: 1,
    check_connection: 1,
    review_access: 1,
  });
  workspace.chooseLanguage('en');
});

test('the palette reads what is not known yet, once', async () => {
  expect(await asks(() => (workspace.paletteOpen = true))).toEqual({
    open_catalog: 1,
    list_routes: 1,
    list_reasons: 1,
    read_activity: 1,
  });
  expect(await asks(() => (workspace.paletteOpen = false))).toEqual({});
  expect(await asks(() => (workspace.paletteOpen = true))).toEqual({ read_activity: 1 });
  workspace.paletteOpen = false;
});

const sources = import.meta.glob<string>('../src/**/*.{ts,svelte}', { query: '?raw', import: 'default', eager: true });

test('effects go through one place', () => {
  const own = Object.entries(sources).filter(([, text]) => text.includes('$effect'));
  expect(own.map(([path]) => path).sort()).toEqual([
    '../src/connectionState.svelte.ts',
    '../src/parts/watch.svelte.ts',
  ]);
});
