import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { forConnection } from '../src/connectionState.svelte';
import type { Catalog, CatalogScope, Envelope } from '../src/contract';
import { workspace } from '../src/workspace.svelte';
import { connectionOf } from './given';

const scope = (key: string): CatalogScope => ({
  key,
  title: key,
  description: '',
  platform: false,
  common: true,
  badges: [],
  replaced_by: [],
  in_guide: true,
  defined: null,
});
const consumer = (client_id: string, ...inner: string[]) => ({
  client_id,
  name: client_id,
  allowed_scopes: [...inner.map((key) => `app:p:${key}`), 'app:other:feed'],
});
const catalog = {
  provider_client_id: 'p',
  provider_name: 'Glint',
  scopes: ['read', 'write', 'comment'].map(scope),
  presets: [],
  problems: [],
  consumers: [consumer('tea', 'read'), consumer('bot', 'write')],
} as unknown as Catalog;

/** Spells scopes as the engine does. */
function answer({ operation, args }: Envelope): unknown {
  if (operation === 'open_catalog') return { reply: catalog };
  const { inner, merge } = args as { inner: string[]; merge: string | null };
  const all = [...new Set([...(merge ? (JSON.parse(merge) as string[]) : []), ...inner.map((key) => `app:p:${key}`)])];
  return {
    reply: {
      lines: all.map((one) => ({ scope: one, state: 'plain' })),
      count: all.length,
      json: '',
      scope_string: '',
      lints: [],
      merge_problem: null,
      client_id_problem: null,
    },
  };
}

let connections = 0;

beforeEach(() => {
  vi.stubGlobal(
    'fetch',
    async (_: string, init: { body: string }) =>
      new Response(`${JSON.stringify(answer(JSON.parse(init.body) as Envelope))}\n`),
  );
});
afterEach(() => vi.unstubAllGlobals());

async function opened() {
  const id = `c${(connections += 1)}`;
  workspace.setConnections([connectionOf({ id })]);
  const { builder } = forConnection(id);
  await builder.open();
  return builder;
}

test('the first list of a consumer removes nothing it has registered', async () => {
  const builder = await opened();
  await builder.chooseConsumer('tea');
  await builder.build();
  expect(builder.comparison).toMatchObject({ added: [], removed: [] });
  expect(builder.comparison?.kept).toContain('app:other:feed');
});

test('each consumer keeps its own ticks and its own undo', async () => {
  const builder = await opened();
  await builder.chooseConsumer('tea');
  builder.set(['comment']);
  await builder.chooseConsumer('bot');
  expect(builder.ticks.inner).toEqual(['write']);
  expect(builder.canUndo).toBe(false);
  builder.set(['read']);
  await builder.chooseConsumer('tea');
  expect(builder.ticks.inner).toEqual(['read', 'comment']);
  builder.undo();
  expect(builder.ticks.inner).toEqual(['read']);
  await builder.chooseConsumer('bot');
  expect(builder.ticks.inner).toEqual(['write', 'read']);
});

test('ticks made without a consumer are added to the first one chosen, and only to that one', async () => {
  const builder = await opened();
  builder.set(['comment']);
  await builder.chooseConsumer('tea');
  expect(builder.ticks.inner).toEqual(['read', 'comment']);
  await builder.chooseConsumer('bot');
  expect(builder.ticks.inner).toEqual(['write']);
  await builder.chooseConsumer('');
  expect(builder.ticks.inner).toEqual([]);
});
