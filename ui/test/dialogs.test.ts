// The whole window: what is open for one connection closes when another one is shown, and is not sent there.
import { flushSync, mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { forConnection } from '../src/connectionState.svelte';
import type { Envelope } from '../src/contract';
import { workspace } from '../src/workspace.svelte';
import { connectionOf, identityOf } from './given';
import { usual } from './isolation';

const alpha = connectionOf({ id: 'a', name: 'Alpha', environment: 'staging', identities: [identityOf()] });
const beta = connectionOf({
  id: 'b',
  name: 'Beta',
  environment: 'staging',
  identities: [identityOf({ id: 'ben', label: 'ben' })],
});
const wire = {
  method: 'DELETE',
  path: '/r',
  group: 'todos',
  scopes: [],
  bundle: false,
  permissions: [],
  team_level: false,
  inputs: [],
  writes: true,
  order: [],
};
let sent: Envelope[] = [];
let view: Record<string, unknown>;

beforeEach(async () => {
  sent = [];
  const replies: Record<string, unknown> = {
    list_connections: { connections: [alpha, beta], problems: [], version: '' },
    list_routes: { routes: [{ ...wire, id: 'w' }] },
    export_definitions: { name: '', text: '[]' },
    preview_call: { curl: '', url: '', problems: [] },
    check_definition: { problems: [] },
  };
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const envelope = JSON.parse(String(init.body)) as Envelope;
    sent.push(envelope);
    return new Response(
      `${JSON.stringify({ reply: replies[envelope.operation] ?? usual[envelope.operation]?.() ?? {} })}\n`,
    );
  });
  workspace.setConnections([]);
  workspace.setConnections([alpha, beta]);
  workspace.activate('a');
  view = mount(App, { target: document.body });
  flushSync();
  await tick();
});
afterEach(async () => {
  await unmount(view);
  vi.unstubAllGlobals();
});

async function shown(panel: (typeof workspace)['panel'], css: string): Promise<HTMLElement> {
  workspace.openPanel(panel);
  return vi.waitFor(() => {
    flushSync();
    const found = document.querySelector<HTMLElement>(`.view:not([hidden]) ${css}`);
    if (!found) throw new Error(`no ${css}`);
    return found;
  });
}

async function switched(): Promise<void> {
  workspace.activate('b');
  flushSync();
  await tick();
}

const reached = (): unknown[] =>
  sent.filter(
    ({ operation, args }) =>
      (args as { connection?: string }).connection === 'b' &&
      /^(add|save|delete|apply|test_call|remove|revoke|rename)/.test(operation),
  );

test('the question before a definition is sent', async () => {
  const { single } = forConnection('a');
  single.add();
  single.type('scope', 'alpha_only');
  (await shown('definitions', '[data-key="send"]:not([aria-disabled])')).click();
  flushSync();
  expect(document.querySelector('.sheet')?.textContent).toContain('Alpha');
  await switched();
  expect(document.querySelector('.sheet')).toBeNull();
  expect(document.body.textContent).not.toContain('alpha_only');
  workspace.activate('a');
  flushSync();
  expect([document.querySelector('.sheet'), single.staged?.now.scope]).toEqual([null, 'alpha_only']);
  expect(reached()).toEqual([]);
});

test('a token that is being typed is gone with its form, and comes back nowhere', async () => {
  (await shown('call', '[data-paste-token]')).click();
  const field = (await shown('call', '[data-secret]')) as HTMLInputElement;
  field.value = 'prism_at_canary_4711';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await switched();
  expect(document.querySelector('[data-secret]')).toBeNull();
  workspace.activate('a');
  flushSync();
  expect(document.querySelector<HTMLInputElement>('[data-secret]')?.value ?? '').toBe('');
  expect(JSON.stringify(sent)).not.toContain('canary');
});

test('the question before an identity is removed', async () => {
  forConnection('a').deeds.ask('remove', identityOf());
  await shown('connections', 'h1');
  expect(document.querySelector('.sheet')).not.toBeNull();
  await switched();
  expect(document.querySelector('.sheet')).toBeNull();
  workspace.activate('a');
  flushSync();
  expect(document.querySelector('.sheet')).toBeNull();
});

test('the question before a call that writes', async () => {
  const { session } = forConnection('a');
  await shown('call', '#route-w');
  session.listing = false;
  session.routeId = 'w';
  session.send();
  flushSync();
  expect(document.querySelector('[role="alertdialog"]')).not.toBeNull();
  await switched();
  expect(document.querySelector('[role="alertdialog"]')).toBeNull();
  expect(reached()).toEqual([]);
});
