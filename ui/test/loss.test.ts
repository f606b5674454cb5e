// Nothing that was typed or staged is lost by an error in the source, by Discard, or by closing the vault's question.
import { flushSync, mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { contextOf, type ConnectionState } from '../src/connectionState.svelte';
import type { Envelope, ImportPlan, Problem } from '../src/contract';
import PasteToken from '../src/panels/call/PasteToken.svelte';
import PasteCredential from '../src/panels/connections/PasteCredential.svelte';
import PlanSide from '../src/panels/definitions/PlanSide.svelte';
import RulesBar from '../src/panels/rules/RulesBar.svelte';
import { pressed } from '../src/shell/keys';
import VaultSheet from '../src/shell/VaultSheet.svelte';
import { vault } from '../src/vault.svelte';
import { panels, workspace } from '../src/workspace.svelte';
import { connected, connectionOf, identityOf } from './given';
import { usual } from './isolation';

const refusal = (code: string): Problem => ({
  code,
  severity: 'refused',
  message: code,
  hints: [],
  who: null,
  span: { line: 1, column: 1, length: 1 },
  related: [],
  exchange: null,
});
const views: Record<string, unknown>[] = [];
let replies: Record<string, unknown> = {};
let asked: string[] = [];
let at: ConnectionState;

beforeEach(() => {
  asked = [];
  replies = {};
  document.body.replaceChildren();
  vi.spyOn(HTMLElement.prototype, 'getClientRects').mockReturnValue([{}] as unknown as DOMRectList);
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const { operation } = JSON.parse(String(init.body)) as Envelope;
    asked.push(operation);
    const reply = replies[operation] ?? usual[operation]?.() ?? {};
    return new Response(
      `${JSON.stringify(typeof reply === 'object' && 'severity' in reply ? { problem: reply } : { reply })}\n`,
    );
  });
  at = connected(connectionOf({ identities: [identityOf({ for_admin: true })], admin_identity: 'mia' }));
});
afterEach(async () => {
  for (const view of views.splice(0)) await unmount(view);
  vault.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const mounted = (view: Record<string, unknown>): void => void (views.push(view), flushSync());
const key = (name: string, more: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more });

function planOf(actions: Record<string, ImportPlan['rows'][number]['action']>, problems: Problem[]): ImportPlan {
  const rows = Object.entries(actions).map(([scope, action]) => ({
    scope,
    action,
    title: scope,
    description: '',
    changes: [],
    problems: [],
  }));
  return {
    rows,
    counts: { create: 1, update: 0, delete: 0, unchanged: 0, only_at_prism: 1 },
    base: '1',
    blocked: problems[0] ?? null,
    acts_as: 'olivia',
    problems,
  } as unknown as ImportPlan;
}

test('with one error in the source the last readable plan stays, without its switches, until the source can be read', async () => {
  const good = planOf({ fresh: 'create', orphan: 'only_at_prism' }, []);
  replies.plan_import = good;
  at.importer.take('[1]', { kind: 'typed', at: 1 });
  await at.importer.replan();
  mounted(mount(PlanSide, { target: document.body, context: contextOf(at), props: { onshow: () => undefined } }));
  const drawn = () => [...document.querySelectorAll('[data-scope]')].map((row) => row.getAttribute('data-scope'));
  const switches = () => document.querySelectorAll('[role="switch"]').length;
  expect([drawn(), switches(), document.querySelector('[data-faded]')]).toEqual([['fresh', 'orphan'], 1, null]);

  replies.plan_import = planOf({}, [refusal('import.bad_name')]);
  at.importer.edit('[1', false);
  await at.importer.replan();
  flushSync();
  expect([drawn(), switches()]).toEqual([['fresh', 'orphan'], 0]);
  expect(document.querySelector('[data-faded]')).not.toBeNull();
  expect(document.querySelector('[data-counts]')?.textContent).toContain('1');

  replies.plan_import = good;
  at.importer.edit('[1]', false);
  await at.importer.replan();
  flushSync();
  expect([drawn(), switches(), document.querySelector('[data-faded]')]).toEqual([['fresh', 'orphan'], 1, null]);
});

test('another source shows nothing of the plan of the one before', async () => {
  replies.plan_import = planOf({ fresh: 'create' }, []);
  at.importer.take('[1]', { kind: 'typed', at: 1 });
  await at.importer.replan();
  replies.plan_import = planOf({}, [refusal('import.bad_name')]);
  at.importer.take('[2', { kind: 'typed', at: 2 });
  await at.importer.replan();
  mounted(mount(PlanSide, { target: document.body, context: contextOf(at), props: { onshow: () => undefined } }));
  expect(document.querySelector('[data-scope="fresh"], [data-faded]')).toBeNull();
});

test('Ctrl+Z outside of text undoes the last staged change, Discard too', () => {
  mounted(mount(RulesBar, { target: document.body, context: contextOf(at), props: { onsave: () => undefined } }));
  const undo = () => (pressed(key('z', { ctrlKey: true })), flushSync());
  for (const target_id of ['x', 'y']) at.rules.stage({ rule_type: 'app_allow', target_id });
  at.rules.discard();
  flushSync();
  expect(at.rules.count).toBe(0);
  undo();
  expect(at.rules.add.map((one) => one.target_id)).toEqual(['x', 'y']);
  undo();
  expect(at.rules.add.map((one) => one.target_id)).toEqual(['x']);
  undo();
  undo();
  expect([at.rules.count, document.querySelector('[data-key="undo"]')]).toEqual([0, null]);
});

test('while a change is being saved undo does nothing, and the step is not lost', async () => {
  replies.apply_rules = refusal('server.error');
  at.rules.stage({ rule_type: 'app_allow', target_id: 'x' });
  await at.rules.look();
  const saving = at.rules.apply();
  at.rules.undo();
  await saving;
  expect(at.rules.count).toBe(1);
  at.rules.undo();
  expect(at.rules.count).toBe(0);
});

test.each([
  ['Connections', PasteCredential, 'credential'],
  ['Test call', PasteToken, 'callCredential'],
] as const)(
  '%s: a typed token is still in its field when the question about the vault was closed',
  async (_panel, form, state) => {
    replies.add_identity = refusal('vault.unchosen');
    replies.read_vault = {
      kind: null,
      state: 'unchosen',
      keychain_name: '',
      keychain_problem: null,
      passphrase_exists: false,
      kept: 0,
      problems: [],
    };
    const connection = connectionOf();
    mounted(
      mount(form as typeof PasteCredential, {
        target: document.body,
        context: contextOf(at),
        props: { connection, onclose: () => undefined },
      }),
    );
    const field = document.querySelector<HTMLInputElement>('input[type="password"]') as HTMLInputElement;
    field.value = 'typed-token';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await tick();
    document.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
    await vi.waitFor(() => expect(workspace.vaultOpen).toBe(true));
    mounted(mount(VaultSheet, { target: document.body }));
    document.querySelector('.scrim')?.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    expect(workspace.vaultOpen).toBe(true);
    document.querySelector('.sheet')?.dispatchEvent(key('Escape'));
    await vi.waitFor(() => expect(at[state].problem?.code).toBe('vault.unchosen'));
    await vi.waitFor(() => expect(field.value).toBe('typed-token'));
    expect([workspace.vaultOpen, asked.filter((one) => one === 'add_identity').length]).toEqual([false, 1]);
  },
);

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

test.each(panels)('opening %s asks for no vault, whatever is locked', async (panel) => {
  const open = ['list_connections', 'list_routes', 'list_reasons', 'read_vault', 'read_activity'];
  const list = {
    connections: [connectionOf({ identities: [identityOf({ for_admin: true })], admin_identity: 'mia' })],
    problems: [],
    version: '',
  };
  const known: Record<string, unknown> = {
    list_connections: list,
    list_routes: { routes: [route] },
    list_reasons: { reasons: [] },
    read_activity: { entries: [] },
  };
  replies = new Proxy(known, {
    get: (of, name: string) => of[name] ?? (open.includes(name) ? usual[name]?.() : refusal('vault.locked')),
  });
  at.session.routeId = 'r';
  at.importer.take('[]', { kind: 'typed', at: 1 });
  at.rules.stage({ rule_type: 'app_allow', target_id: 'x' });
  const settle = vi.spyOn(vault, 'settle').mockResolvedValue(false);
  workspace.openPanel(panel);
  mounted(mount(App, { target: document.body }));
  const locked = {
    connections: 'check_connection',
    scopes: 'open_catalog',
    definitions: 'plan_import',
    rules: 'review_access',
    call: 'list_choices',
    activity: 'check_connection',
  }[panel];
  await vi.waitFor(() => expect(asked).toContain(locked));
  // Everything that opening starts has been answered.
  await vi.waitFor(() =>
    expect(
      document.querySelector(`.view:not([hidden]) [data-panel="${panel}"], .view:not([hidden]) h1`),
    ).not.toBeNull(),
  );
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve));
  expect([settle.mock.calls.length, workspace.vaultOpen]).toEqual([0, false]);
  workspace.openPanel('connections');
});
