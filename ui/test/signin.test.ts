import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { forConnection, signInElsewhere, type ConnectionState } from '../src/connectionState.svelte';
import type { DroppedScope, Problem } from '../src/contract';
import { countdown, soon } from '../src/parts/ends';
import { cureOf, scopesIn, standing, type SignInFlow } from '../src/panels/connections/signIn.svelte';
import ProblemNote from '../src/parts/ProblemNote.svelte';
import { workspace } from '../src/workspace.svelte';
import { connected, connectionOf, identityOf } from './given';

const waiting = {
  step: 'waiting',
  authorization_url: 'http://127.0.0.1:1/oauth/authorize?state=s',
  redirect_uri: 'http://127.0.0.1:47831/callback/sandbox',
  until: 1,
  problem: null,
};
const refusal = {
  problem: {
    code: 'sign_in.denied',
    severity: 'refused',
    message: 'no',
    hints: [],
    who: null,
    span: null,
    related: [],
    exchange: null,
  },
};

const harbor = connectionOf({ id: 'c-1', name: 'Harbor' });
let at: ConnectionState;
let signIn: SignInFlow;
let asked: { operation: string; args: Record<string, unknown> }[] = [];

/** Answers `sign_in` with these lines and everything else with nothing. */
function host(lines: unknown[], hold?: Promise<void>): void {
  asked = [];
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const envelope = JSON.parse(String(init.body)) as { operation: string; args: Record<string, unknown> };
    asked.push(envelope);
    if (envelope.operation !== 'sign_in')
      return new Response(
        `${JSON.stringify({ reply: { connections: workspace.connections, problems: [], version: '' } })}\n`,
      );
    const body = new ReadableStream<Uint8Array>({
      async start(stream) {
        for (const [index, line] of lines.entries()) {
          if (index === lines.length - 1) await hold;
          stream.enqueue(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
        }
        stream.close();
      },
    });
    return new Response(body);
  });
}

beforeEach(() => {
  at = connected(connectionOf(), harbor);
  signIn = at.signIn;
  signIn.open();
  signIn.clientId = 'prism_b';
  signIn.scopes = 'openid read_todos openid';
});
afterEach(() => vi.unstubAllGlobals());

const dropped = (reason: string | null): DroppedScope => ({ scope: 'x', reason, words: '' });

test('each reason of a dropped scope leads to the panel that cures it', () => {
  expect(
    ['app_denied', 'target_missing', 'not_allowed', 'unknown', null].map((reason) => cureOf(dropped(reason))),
  ).toEqual(['rules', 'definitions', 'scopes', 'scopes', 'scopes']);
});

test('a taken port comes before everything else that is known about a redirect URI', () => {
  const uri = (registered: boolean | null, free: boolean) => standing({ uri: 'u', registered, free });
  expect([uri(true, true), uri(true, false), uri(false, true), uri(null, true)]).toEqual([
    'ready',
    'taken',
    'missing',
    'unknown',
  ]);
});

test('scopes are read from a text, a list or JSON, each once and in order', () => {
  expect(scopesIn('openid  read_todos\nopenid')).toEqual(['openid', 'read_todos']);
  expect(scopesIn('["openid", "read_todos"]')).toEqual(['openid', 'read_todos']);
});

test('from the form over the wait to the result', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const result = {
    identity: identityOf(),
    requested: ['openid', 'read_todos'],
    granted: ['openid'],
    dropped: [dropped('not_allowed')],
    problems: [],
  };
  host([{ progress: waiting }, { progress: { step: 'exchanging' } }, { reply: result }], held);
  const done = signIn.start(null);
  await vi.waitFor(() => expect(signIn.step).toBe('exchanging'));
  expect(signIn.waiting?.authorization_url).toContain('/oauth/authorize');
  release();
  expect(await done).toBe(true);
  expect(signIn.step).toBe('done');
  expect(signIn.result?.granted).toEqual(['openid']);
  expect(asked[0]?.args).toMatchObject({ client_id: 'prism_b', scopes: ['openid', 'read_todos'], client_secret: null });
});

test('a refusal goes back to the form and keeps what was typed', async () => {
  host([{ progress: waiting }, refusal]);
  expect(await signIn.start(null)).toBe(false);
  expect([signIn.step, signIn.problem?.code, signIn.clientId]).toEqual(['form', 'sign_in.denied', 'prism_b']);
});

test('a cancelled wait ends the job, and what it answers later is not shown', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  host([{ progress: waiting }, refusal], held);
  const done = signIn.start(null);
  await vi.waitFor(() => expect(signIn.step).toBe('waiting'));
  signIn.cancel();
  release();
  expect(await done).toBe(false);
  expect([signIn.step, signIn.problem, signIn.waiting]).toEqual(['form', null, null]);
  const jobs = asked.filter((one) => one.operation === 'cancel_job').map((one) => one.args.job);
  expect(jobs).toHaveLength(1);
  expect(jobs[0]).toMatch(/^sign-in-\d+$/);
});

test('the list of the builder is taken over with its consumer, unless one is chosen already', () => {
  const line = (scope: string) => ({ scope, key: scope, title: null, description: null, kind: 'app' as const });
  at.builder.built.reply = {
    lines: ['a', 'b'].map(line),
    count: 2,
    json: '',
    scope_string: '',
    lints: [],
    client_id_problem: null,
    merge_problem: null,
  } as never;
  at.builder.consumerId = 'prism_x';
  signIn.useBuilt();
  expect([signIn.scopes, signIn.clientId]).toEqual(['a b', 'prism_b']);
  signIn.clientId = '';
  signIn.useBuilt();
  expect(signIn.clientId).toBe('prism_x');
});

test('a refusal for want of an identity opens the way that the engine names, and another one opens none', () => {
  for (const [about, way] of [
    [{ no_identity: true, other_identity: 'client' }, 'client'],
    [{ other_identity: 'token' }, null],
    [{}, null],
  ] as const) {
    const view = mount(ProblemNote, {
      target: document.body,
      props: { problem: { ...(refusal.problem as Problem), ...about } },
    });
    flushSync();
    document.querySelector<HTMLElement>('[data-do="add-identity"]')?.click();
    expect(workspace.takeIntent('connections', workspace.active?.id ?? '')).toEqual(
      way && { kind: 'add_identity', way },
    );
    void unmount(view);
  }
});

test('the form to add an identity belongs to its connection: looking at another one leaves it there', () => {
  const there = forConnection('c-1').deeds;
  there.add('sign_in');
  workspace.activate('sandbox');
  expect([at.deeds.adding, there.adding]).toEqual([null, 'sign_in']);
  there.close();
  expect(there.adding).toBeNull();
});

test('opening the form again starts over after a result and keeps a wait', () => {
  signIn.step = 'done';
  signIn.see();
  signIn.open();
  expect(signIn.step).toBe('form');
  signIn.step = 'waiting';
  signIn.open();
  expect(signIn.step).toBe('waiting');
});

test('the last hour is counted down, the last five minutes are a warning, the end is the end', () => {
  const at = (seconds: number) => [countdown(1000 + seconds, 1_000_000), soon(1000 + seconds, 1_000_000)];
  expect([at(3600), at(2467), at(299), at(0), at(-5)]).toEqual([
    [null, false],
    ['41:07', false],
    ['04:59', true],
    [null, true],
    [null, true],
  ]);
  expect([countdown(null, 0), soon(null, 0)]).toEqual([null, false]);
});

test('the form of another connection leaves a waiting sign-in alone; only a person ends it', async () => {
  const there = forConnection('c-1').signIn;
  let release = (): void => {};
  const hold = new Promise<void>((resolve) => (release = resolve));
  host([{ progress: waiting }, refusal], hold);
  const end = signIn.start(null);
  await vi.waitFor(() => expect(signIn.step).toBe('waiting'));
  there.open();
  expect([signIn.step, there.step, signInElsewhere('c-1')?.id, signInElsewhere('sandbox')]).toEqual([
    'waiting',
    'form',
    'sandbox',
    null,
  ]);
  expect(asked.some(({ operation }) => operation === 'cancel_job')).toBe(false);
  signIn.cancel();
  expect([signIn.step, signInElsewhere('c-1')]).toEqual(['form', null]);
  await vi.waitFor(() => expect(asked.some(({ operation }) => operation === 'cancel_job')).toBe(true));
  release();
  expect(await end).toBe(false);
});

test('a result that came while another connection was looked at is still there on the way back, until it was seen', async () => {
  const result = {
    identity: identityOf({ id: 'i-1', label: 'mia', user_name: 'mia' }),
    requested: ['openid'],
    granted: ['openid'],
    dropped: [],
    problems: [],
  };
  host([{ progress: waiting }, { reply: result }]);
  expect(await signIn.start(null)).toBe(true);
  workspace.activate('c-1');
  workspace.activate('sandbox');
  signIn.open();
  expect([signIn.step, signIn.result?.identity.label]).toEqual(['done', 'mia']);
  signIn.see();
  signIn.open();
  expect(signIn.step).toBe('form');
});
