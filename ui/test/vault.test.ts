import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { call, Refused } from '../src/call';
import type { Vault } from '../src/contract';
import { vault } from '../src/vault.svelte';
import { workspace } from '../src/workspace.svelte';

const ready: Vault = {
  kind: 'memory',
  state: 'ready',
  keychain_name: 'Secret Service',
  keychain_problem: null,
  passphrase_exists: false,
  kept: 0,
  problems: [],
};
const refusal = (code: string) => ({
  problem: { code, severity: 'refused', message: code, hints: [], who: null, span: null, related: [], exchange: null },
});

let asked: string[] = [];

/** Answers by operation; a list answers one after the other, its last one for good. */
function host(answers: Record<string, unknown[]>): void {
  asked = [];
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const { operation } = JSON.parse(String(init.body)) as { operation: string };
    asked.push(operation);
    const list = answers[operation] ?? [{ reply: { connections: [], problems: [], version: '' } }];
    return new Response(`${JSON.stringify(list.length > 1 ? list.shift() : list[0])}\n`);
  });
}

beforeEach(() => {
  vault.close();
  vault.view = null;
});
afterEach(() => vi.unstubAllGlobals());

const secret = { connection: 'c', label: null, secret: 'x', kind: null };

test('an operation that needs the vault waits for the choice and then goes on', async () => {
  host({
    add_identity: [refusal('vault.unchosen'), { reply: { identity: { id: 'i' }, problems: [] } }],
    read_vault: [{ reply: { ...ready, kind: null, state: 'unchosen' } }],
    choose_vault: [{ reply: ready }],
  });
  const added = call('add_identity', secret, { asksVault: true });
  await vi.waitFor(() => expect(workspace.vaultOpen).toBe(true));
  expect(asked.filter((one) => one === 'add_identity')).toHaveLength(1);
  expect(await vault.choose('memory', null)).toBe(true);
  vault.close(true);
  expect((await added).identity.id).toBe('i');
  expect(asked.filter((one) => one === 'add_identity')).toHaveLength(2);
});

test('closing the question leaves the refusal as it was, and nothing is sent again', async () => {
  host({ add_identity: [refusal('vault.locked')], read_vault: [{ reply: ready }] });
  const added = call('add_identity', secret, { asksVault: true });
  await vi.waitFor(() => expect(workspace.vaultOpen).toBe(true));
  vault.close();
  await expect(added).rejects.toBeInstanceOf(Refused);
  expect(asked.filter((one) => one === 'add_identity')).toHaveLength(1);
});

test('it is tried once more only: what is still locked stays refused', async () => {
  host({ add_identity: [refusal('vault.locked')], read_vault: [{ reply: ready }] });
  const added = call('add_identity', secret, { asksVault: true });
  await vi.waitFor(() => expect(workspace.vaultOpen).toBe(true));
  vault.close(true);
  await expect(added).rejects.toMatchObject({ problem: { code: 'vault.locked' } });
  expect(asked.filter((one) => one === 'add_identity')).toHaveLength(2);
});

test('a call that does not ask for it never opens the question', async () => {
  host({ open_catalog: [refusal('vault.locked')] });
  await expect(call('open_catalog', { connection: 'c' })).rejects.toBeInstanceOf(Refused);
  expect(workspace.vaultOpen).toBe(false);
});

test('a wrong passphrase is told and the sheet stays', async () => {
  host({
    unlock_vault: [refusal('vault.passphrase_wrong')],
    read_vault: [{ reply: { ...ready, kind: 'passphrase', state: 'locked' } }],
  });
  vault.open();
  await vi.waitFor(() => expect(vault.locked).toBe(true));
  expect(await vault.unlock('no')).toBe(false);
  expect(vault.problem?.code).toBe('vault.passphrase_wrong');
  expect(workspace.vaultOpen).toBe(true);
});
