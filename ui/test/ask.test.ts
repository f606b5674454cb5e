import { afterEach, expect, test, vi } from 'vitest';

import { Ask } from '../src/parts/ask.svelte';
import { workspace } from '../src/workspace.svelte';
import { connectionOf } from './given';

afterEach(() => vi.unstubAllGlobals());

/** A host whose answers are given by hand, in any order. */
function held(): ((line: unknown) => void)[] {
  const answers: ((line: unknown) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => answers.push((line) => resolve(new Response(`${JSON.stringify(line)}\n`)))));
  return answers;
}

const preview = (curl: string) => ({ reply: { curl, url: '', problems: [] } });
const args = { connection: 'sandbox', route: 'r', values: {} };

test('a late answer never replaces a newer one', async () => {
  const answers = held();
  const ask = new Ask('preview_call');
  const first = ask.run(args);
  const second = ask.run(args);
  answers[1]?.(preview('newer'));
  expect((await second)?.curl).toBe('newer');
  answers[0]?.(preview('older'));
  expect(await first).toBeNull();
  expect(ask.reply?.curl).toBe('newer');
  expect(ask.busy).toBe(false);
});

test('a refusal keeps the last answer, and the next answer clears the refusal', async () => {
  const answers = held();
  const ask = new Ask('preview_call');
  const settle = async (line: unknown) => {
    const run = ask.run(args);
    answers.at(-1)?.(line);
    await run;
  };
  await settle(preview('a'));
  await settle({ problem: { code: 'x', severity: 'refused', message: 'm', hints: [], who: null, span: null, related: [], exchange: null } });
  expect([ask.reply?.curl, ask.problem?.code]).toEqual(['a', 'x']);
  await settle(preview('b'));
  expect([ask.reply?.curl, ask.problem]).toEqual(['b', null]);
});

test('what was forgotten does not come back', async () => {
  const answers = held();
  const ask = new Ask('preview_call');
  const run = ask.run(args);
  ask.clear();
  answers[0]?.(preview('late'));
  await run;
  expect(ask.reply).toBeNull();
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
