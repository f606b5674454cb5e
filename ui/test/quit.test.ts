import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { forConnection } from '../src/connectionState.svelte';
import { quit, stagedEverywhere } from '../src/quit.svelte';
import { workspace } from '../src/workspace.svelte';
import { connectionOf } from './given';

beforeEach(() => {
  vi.stubGlobal(
    'fetch',
    async () =>
      new Response(
        '{"problem":{"code":"x","severity":"refused","message":"","hints":[],"who":null,"span":null,"related":[],"exchange":null}}\n',
      ),
  );
  quit.cancel();
  workspace.setConnections([connectionOf(), connectionOf({ id: 'other', name: 'Other' })]);
});
afterEach(() => vi.unstubAllGlobals());

test('with nothing staged the window closes without a question', () => {
  quit.request();
  expect(quit.open).toBe(false);
});

test('what is staged at a connection that is not shown is asked about, too', () => {
  forConnection('other').rules.stage({ rule_type: 'app_deny', target_id: 'x' });
  quit.request();
  expect(quit.open).toBe(true);
  expect(stagedEverywhere()).toEqual([{ connection: 'Other', panel: 'rules', count: 1 }]);
  quit.cancel();
  expect(quit.open).toBe(false);
  expect(forConnection('other').rules.count).toBe(1);
});
