import { afterEach, expect, test, vi } from 'vitest';

import type { Envelope } from '../src/contract';
import { Request } from '../src/request.svelte';
import { workspace } from '../src/workspace.svelte';
import { connectionOf } from './given';

afterEach(() => vi.unstubAllGlobals());

/** A request the host holds until a test answers it. */
interface Held extends Envelope {
  answer: (line: unknown) => void;
}

/** A host whose replies are given by hand, in any order; cancellations are replied to at once. */
function held(): { asked: Held[]; cancelled: unknown[] } {
  const host = { asked: [] as Held[], cancelled: [] as unknown[] };
  vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
    const envelope = JSON.parse(String(init.body)) as Envelope;
    if (envelope.operation === 'cancel_job') {
      host.cancelled.push((envelope.args as { job: string }).job);
      return Promise.resolve(new Response('{"reply":{}}\n'));
    }
    return new Promise<Response>((resolve) =>
      host.asked.push({ ...envelope, answer: (line) => resolve(new Response(`${JSON.stringify(line)}\n`)) }),
    );
  });
  return host;
}

const preview = (curl: string) => ({ reply: { curl, url: '', problems: [] } });
const refusal = {
  problem: {
    code: 'x',
    severity: 'refused',
    message: 'm',
    hints: [],
    who: null,
    span: null,
    related: [],
    exchange: null,
  },
};
const args = { connection: 'sandbox', route: 'r', values: {} };

test('a later read overtakes an earlier one: that one is cancelled, and its reply is dropped', async () => {
  const host = held();
  const request = new Request('preview_call');
  const first = request.run(args);
  const second = request.run({ ...args, route: 's' });
  expect(host.cancelled).toEqual([host.asked[0]?.job]);
  host.asked[1]?.answer(preview('newer'));
  expect((await second)?.curl).toBe('newer');
  host.asked[0]?.answer(preview('older'));
  expect(await first).toBeNull();
  expect([request.reply?.curl, request.busy, request.answers({ ...args, route: 's' }), request.answers(args)]).toEqual([
    'newer',
    false,
    true,
    false,
  ]);
});

test('a refusal keeps the last reply, and the next reply clears the refusal', async () => {
  const host = held();
  const request = new Request('preview_call');
  const settle = async (line: unknown) => {
    const run = request.run(args);
    host.asked.at(-1)?.answer(line);
    await run;
  };
  await settle(preview('a'));
  await settle(refusal);
  expect([request.reply?.curl, request.problem?.code]).toEqual(['a', 'x']);
  await settle(preview('b'));
  expect([request.reply?.curl, request.problem]).toEqual(['b', null]);
});

test('what was forgotten is cancelled and does not come back', async () => {
  const host = held();
  const dropped: string[] = [];
  const request = new Request('preview_call', { ondrop: (reply) => dropped.push(reply.curl) });
  const run = request.run(args);
  request.clear();
  expect([host.cancelled, request.busy]).toEqual([[host.asked[0]?.job], false]);
  host.asked[0]?.answer(preview('late'));
  expect([await run, request.reply, dropped]).toEqual([null, null, ['late']]);
});

test('a write is neither overtaken nor sent twice; stopping it waits for what it reports', async () => {
  const host = held();
  const request = new Request('save_matrix', { writes: true });
  const first = request.run({ matrix: 'm', format: 'csv', save: true });
  expect(await request.run({ matrix: 'm', format: 'json', save: true })).toBeNull();
  expect([host.asked.length, host.cancelled]).toEqual([1, []]);
  await request.stop();
  await request.stop();
  expect([host.cancelled, request.busy, request.stopping]).toEqual([[host.asked[0]?.job], true, true]);
  host.asked[0]?.answer({ reply: { path: '/tmp/m' } });
  expect((await first)?.path).toBe('/tmp/m');
});

test('a read of the same version is asked once, also while it is under way; a refusal and another version are asked again', async () => {
  const host = held();
  const request = new Request('preview_call');
  const both = [request.ensure(args, ['en', 1]), request.ensure(args, ['en', 1])];
  host.asked[0]?.answer(preview('a'));
  expect((await Promise.all(both)).map((reply) => reply?.curl)).toEqual(['a', 'a']);
  expect([(await request.ensure({ ...args }, ['en', 1]))?.curl, host.asked.length]).toEqual(['a', 1]);
  const again = request.ensure(args, ['en', 2]);
  host.asked[1]?.answer(refusal);
  expect([await again, host.asked.length]).toEqual([null, 2]);
  void request.ensure(args, ['en', 2]);
  expect(host.asked).toHaveLength(3);
});

test('arguments that hold a secret are not kept', async () => {
  const host = held();
  const request = new Request('unlock_vault', { writes: true, secret: true });
  const run = request.run({ passphrase: 'canary-4711' });
  const during = JSON.stringify(request);
  host.asked[0]?.answer({ reply: {} });
  await run;
  expect([request.asked, request.answered, during.includes('canary-4711')]).toEqual([null, null, false]);
});

const sources = import.meta.glob<string>('../src/**/*.{ts,svelte}', { query: '?raw', import: 'default', eager: true });

test('no other class counts turns, times a wait or cancels a job', () => {
  const own = Object.entries(sources).filter(([, text]) =>
    /#turn\b.*\+= 1|\+\+this\.#turn|call\('cancel_job'|slow = \$state|busy = \$state/.test(text),
  );
  expect(own.map(([path]) => path)).toEqual(['../src/request.svelte.ts']);
});

test('a remedy opens the panel that prepares it, and is handed out once', () => {
  const fix = { kind: 'tick_scopes' as const, scopes: ['delete_todos'], consumer: null };
  workspace.setConnections([connectionOf()]);
  workspace.openFix(fix);
  expect(workspace.panel).toBe('scopes');
  expect(workspace.takeIntent('rules', 'sandbox')).toBeNull();
  expect(workspace.takeIntent('scopes', 'c-1')).toBeNull();
  expect(workspace.takeIntent('scopes', 'sandbox')).toEqual(fix);
  expect(workspace.takeIntent('scopes', 'sandbox')).toBeNull();
});
