// Whatever is pending when another connection is shown: its answer reaches its own connection, and nothing else.
import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { forConnection, type ConnectionState } from '../src/connectionState.svelte';
import type { Envelope } from '../src/contract';
import { live } from '../src/parts/live.svelte';
import { vault } from '../src/vault.svelte';
import { workspace } from '../src/workspace.svelte';
import { connected, connectionOf, identityOf } from './given';
import { cases, mark, usual, type Replies } from './isolation';

let sent: Envelope[] = [];

/** Answers at once until it is held; then everything waits for `release`. */
class Host {
  #held: (() => void)[] | null = null;

  constructor(readonly replies: () => Replies) {
    vi.stubGlobal('fetch', (_path: string, init: RequestInit) => this.#take(JSON.parse(String(init.body)) as Envelope));
  }

  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const answer of held) answer();
  }

  get waiting(): number {
    return this.#held?.length ?? 0;
  }

  async #take(envelope: Envelope): Promise<Response> {
    sent.push(envelope);
    const held = this.#held;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    const reply = this.replies()[envelope.operation] ?? usual[envelope.operation]?.() ?? {};
    const refused = typeof reply === 'object' && reply !== null && 'severity' in reply;
    return new Response(`${JSON.stringify(refused ? { problem: reply } : { reply })}\n`);
  }
}

/** Everything an object holds or derives, with what it reaches. */
function visible(value: unknown, seen = new Set<object>()): unknown {
  if (typeof value === 'function' || value === null || typeof value !== 'object')
    return typeof value === 'function' ? undefined : value;
  if (seen.has(value)) return 'seen';
  seen.add(value);
  if (value instanceof Map || value instanceof Set || Array.isArray(value))
    return [...value].map((one) => visible(one, seen));
  const names = new Set(Object.keys(value));
  for (
    let proto: unknown = Object.getPrototypeOf(value);
    proto && proto !== Object.prototype;
    proto = Object.getPrototypeOf(proto)
  ) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(proto as object)))
      if (property.get) names.add(name);
  }
  return Object.fromEntries(
    [...names].sort().map((name) => [name, visible((value as Record<string, unknown>)[name], seen)]),
  );
}

/** The state as one can see it, without what is meant to differ: which connection is shown, and what concerns all of them. */
function seenAt(state: ConnectionState, everywhere = false): string {
  const { active: _active, revision, ...rest } = visible(state) as Record<string, unknown>;
  return JSON.stringify(everywhere ? rest : { ...rest, revision });
}

const alpha = connectionOf({ id: 'a', name: 'Alpha', identities: [identityOf()] });
const beta = connectionOf({ id: 'b', name: 'Beta', identities: [identityOf({ id: 'ben', label: 'ben' })] });

beforeEach(() => {
  sent = [];
  live.hide();
});
afterEach(() => {
  vault.close();
  workspace.chooseLanguage('en');
  vi.unstubAllGlobals();
});

describe.each(cases)('$name', ({ before, run, replies, landed, everywhere, quiet }) => {
  test('is pending while another connection is shown', async () => {
    const host = new Host(() => (typeof replies === 'function' ? replies() : (replies ?? {})));
    const [at, other] = [connected(alpha, beta), forConnection('b')];
    await before?.(at, () => host.hold());
    flushSync();
    if (!host.waiting) host.hold();
    const asked = sent.length;
    const running = run(at);
    if (!quiet) await vi.waitFor(() => expect(sent.length).toBeGreaterThan(asked));

    workspace.activate('b');
    flushSync();
    const [there, said] = [seenAt(other, everywhere), live.said];
    expect(there).not.toContain(mark);
    host.release();
    await running;
    if (landed) await vi.waitFor(() => expect(landed(at)).toBeTruthy());
    flushSync();

    expect(seenAt(other, everywhere)).toBe(there);
    expect(workspace.active?.id).toBe('b');
    expect(live.said === said || live.said.includes('Alpha') || !live.said.includes(mark)).toBe(true);
    expect(live.toast === null || live.toast.includes('Alpha') || !live.toast.includes(mark)).toBe(true);
    expect(sent.slice(asked).filter(({ args }) => (args as { connection?: string }).connection === 'b')).toEqual([]);
  });
});

describe.each(cases.filter((one) => !one.shown))('$name', ({ before, run, replies, everywhere }) => {
  test('goes to its own connection when it is begun after the switch', async () => {
    new Host(() => (typeof replies === 'function' ? replies() : (replies ?? {})));
    const [at, other] = [connected(alpha, beta), forConnection('b')];
    await before?.(at, () => undefined);
    workspace.activate('b');
    flushSync();
    const [there, asked] = [seenAt(other, everywhere), sent.length];
    await run(at);
    flushSync();
    expect(seenAt(other, everywhere)).toBe(there);
    expect(sent.slice(asked).filter(({ args }) => (args as { connection?: string }).connection === 'b')).toEqual([]);
  });
});

test('a definition staged at one connection is sent there, whatever is shown', async () => {
  new Host(() => ({ save_definition: {} }));
  const at = connected(alpha, beta);
  at.single.add();
  at.single.type('scope', 'read_todos');
  workspace.activate('b');
  expect(forConnection('b').single.staged).toBeNull();
  await at.single.send();
  expect(
    sent
      .filter((one) => one.operation === 'save_definition')
      .map((one) => (one.args as { connection: string }).connection),
  ).toEqual(['a']);
});

test('a draft is carried over only by the action, which sends nothing', () => {
  new Host(() => ({}));
  const [at, other] = [connected(alpha, beta), forConnection('b')];
  at.importer.take('[1]', { kind: 'typed', at: 1 });
  at.rules.stage({ rule_type: 'app_allow', target_id: 'x' });
  workspace.activate('b');
  expect([other.drafted, at.drafts, other.sameDraft('definitions', at), other.sameDraft('rules', at)]).toEqual([
    false,
    { definitions: true, rules: true },
    false,
    false,
  ]);
  other.importer.take('[2]', { kind: 'typed', at: 1 });
  other.importer.copy(at.importer);
  expect(other.rules.copy(at.rules)).toBe(0);
  expect([other.importer.text, other.importer.kept?.text, other.rules.add]).toEqual(['[1]', '[2]', at.rules.add]);
  expect([other.sameDraft('definitions', at), other.sameDraft('rules', at)]).toEqual([true, true]);
  other.rules.undo();
  other.importer.restore();
  expect([other.importer.text, other.rules.count, at.importer.text, at.rules.count]).toEqual(['[2]', 0, '[1]', 1]);
  expect(sent).toEqual([]);
});

test('a removal is copied by what the rule says, never by its ID', async () => {
  const rule = (id: string, target_id: string) => ({
    rule: { id, rule_type: 'app_deny', target_id, created_at: 0 },
    target_name: null,
    target_kind: 'client_id',
    change: 'kept',
    problems: [],
  });
  let rules = [rule('1', 'x'), rule('2', 'y')];
  new Host(() => ({ review_access: { ...(usual.review_access?.() as object), rules } }));
  const [at, other] = [connected(alpha, beta), forConnection('b')];
  await at.rules.look();
  for (const row of at.rules.rows('app')) at.rules.drop(row);
  rules = [rule('2', 'x'), rule('9', 'z')];
  await other.rules.look();
  expect(other.rules.copy(at.rules)).toBe(1);
  expect(other.rules.remove).toEqual(['2']);
});

const sources = import.meta.glob<string>('../src/**/*.{ts,svelte}', { query: '?raw', import: 'default', eager: true });

test('every operation of every state class is in the table', () => {
  const missing: string[] = [];
  for (const [path, text] of Object.entries(sources)) {
    if (!path.endsWith('.svelte.ts')) continue;
    let name = '';
    for (const line of text.split('\n')) {
      name = /^(?:export )?class (\w+)/.exec(line)?.[1] ?? name;
      const method = /^ {2}(?:async )?(\w+)(?:<\w+>)?\(.*\): Promise</.exec(line)?.[1];
      if (method && !cases.some((one) => one.name.split(',')[0] === `${name}.${method}`))
        missing.push(`${name}.${method}`);
    }
  }
  expect(missing).toEqual([]);
});

test('only what concerns no connection is one for the whole window', () => {
  const single = Object.values(sources).flatMap((text) =>
    [...text.matchAll(/^export const (\w+) = new /gm)].map((found) => found[1]),
  );
  expect(single.sort()).toEqual(['doing', 'live', 'now', 'quit', 'reference', 'tour', 'vault', 'workspace']);
});

test('a panel knows its connection, not the one that is shown', () => {
  const list = [
    'Connections',
    'connections/ConnectionRow',
    'connections/Deeds',
    'connections/Jobs',
    'connections/Saved',
  ].map((name) => `../src/panels/${name}.svelte`);
  const choosers = ['adding', 'doing', 'editing'].map((name) => `../src/panels/connections/${name}.svelte.ts`);
  const found = Object.entries(sources).filter(
    ([path, text]) => path.startsWith('../src/panels/') && /workspace\.(active|connections\b)/.test(text),
  );
  expect(found.map(([path]) => path).filter((path) => !list.includes(path) && !choosers.includes(path))).toEqual([]);
});

test('the state of a connection lasts until the connection is removed', () => {
  new Host(() => ({}));
  const at = connected(alpha, beta);
  at.importer.take('[]', { kind: 'typed', at: 1 });
  workspace.activate('b');
  workspace.activate('a');
  expect(forConnection('a')).toBe(at);
  workspace.setConnections([beta]);
  workspace.setConnections([alpha, beta]);
  expect(forConnection('a')).not.toBe(at);
  expect(forConnection('a').importer.text).toBe('');
});

test('other servers are another state: nothing staged for the old ones is left, the text can be restored', () => {
  new Host(() => ({}));
  const at = connected(alpha, beta);
  at.importer.take('[]', { kind: 'typed', at: 1 });
  at.rules.stage({ rule_type: 'app_allow', target_id: 'x' });
  workspace.setConnections([{ ...alpha, name: 'Alpha 2' }, beta]);
  expect(forConnection('a')).toBe(at);
  workspace.setConnections([{ ...alpha, prism_url: 'https://prism.example.net' }, beta]);
  const now = forConnection('a');
  expect([now === at, now.drafted, now.rules.count, now.importer.text, now.importer.kept?.text]).toEqual([
    false,
    false,
    0,
    '',
    '[]',
  ]);
});

test('removing a connection ends the sign-in that waits for it', async () => {
  const host = new Host(() => ({}));
  const at = connected(alpha, beta);
  host.hold();
  void at.signIn.start(null);
  await vi.waitFor(() => expect(host.waiting).toBe(1));
  workspace.setConnections([beta]);
  await vi.waitFor(() => expect(sent.some((one) => one.operation === 'cancel_job')).toBe(true));
  host.release();
});

test('removing a connection cancels what is read for it, and nothing that is written', async () => {
  const host = new Host(() => ({ use_admin_identity: { connections: [beta], problems: [], version: '' } }));
  const at = connected(alpha, beta);
  host.hold();
  void at.importer.readLive();
  void at.rules.look();
  void at.deeds.administer(identityOf());
  await vi.waitFor(() => expect(host.waiting).toBe(3));
  const jobs = new Map(sent.map((one) => [one.operation, one.job]));
  workspace.setConnections([beta]);
  const cancelled = sent
    .filter((one) => one.operation === 'cancel_job')
    .map((one) => (one.args as { job: string }).job);
  expect(new Set(cancelled)).toEqual(new Set([jobs.get('plan_import'), jobs.get('review_access')]));
  host.release();
});
