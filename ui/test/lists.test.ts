import { expect, test } from 'vitest';

import type { Catalog, CatalogScope } from '../src/contract';
import { addedLines, change, compare, everything, presetOf, ticksOf } from '../src/panels/scopes/lists';

const scope = (key: string, platform: boolean): CatalogScope => ({
  key,
  title: key,
  description: '',
  platform,
  common: true,
  badges: [],
  replaced_by: [],
  in_guide: true,
  defined: null,
});
const catalog: Catalog = {
  provider_client_id: 'prism_a',
  provider_name: 'Glint',
  scopes: [scope('openid', true), scope('teams:read', true), scope('read_todos', false), scope('comment', false)],
  presets: [{ name: 'read_only', title: 'Read-only', scopes: ['read_todos'] }],
  consumers: [],
  problems: [],
};

test("a registered list ticks what belongs to this provider, nothing of another one's", () => {
  const all = everything(catalog);
  const spelled = [...all.platform, ...all.inner.map((key) => `app:prism_a:${key}`)];
  expect(
    ticksOf(
      ['teams:read', 'app:prism_a:comment', 'app:prism_b:read_todos', 'app:prism_a:unheard_of'],
      spelled,
      catalog,
    ),
  ).toEqual({ platform: ['teams:read'], inner: ['comment'] });
});

test('ticking keeps platform and inner scopes apart and never doubles', () => {
  const ticks = change(
    { platform: ['openid'], inner: ['read_todos'] },
    catalog,
    ['teams:read', 'comment', 'read_todos'],
    ['openid'],
  );
  expect(ticks).toEqual({ platform: ['teams:read'], inner: ['read_todos', 'comment'] });
});

test('a preset is lit only when exactly its scopes are ticked', () => {
  expect(presetOf({ platform: ['openid'], inner: ['read_todos'] }, catalog.presets)).toBe('read_only');
  expect(presetOf({ platform: [], inner: ['read_todos', 'comment'] }, catalog.presets)).toBeNull();
});

test('the comparison names what a save would take away, and marks the printed lines', () => {
  const lines = ['openid', 'app:prism_a:comment'].map((s) => ({ scope: s, state: 'plain' as const }));
  const result = compare(lines, ['openid', 'app:prism_b:feed']);
  expect(result).toEqual({ added: ['app:prism_a:comment'], kept: ['openid'], removed: ['app:prism_b:feed'] });
  expect([...addedLines(lines, result.added)]).toEqual([3]);
});
