// Why a job ended before everything was sent is in the bar, in the words of the reply.
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { contextOf, type ConnectionState } from '../src/connectionState.svelte';
import type { Problem } from '../src/contract';
import { abilityLook } from '../src/panels/connections/ability';
import DefinitionsBar from '../src/panels/definitions/DefinitionsBar.svelte';
import RulesBar from '../src/panels/rules/RulesBar.svelte';
import { connected, connectionOf } from './given';

let at: ConnectionState;
const views: Record<string, unknown>[] = [];
const times = { job: 'j', stopping: false, problem: null, startedAt: 0, endedAt: 1000 };

function problem(code: string, message: string): Problem {
  return { code, severity: 'refused', message, hints: [], who: null, span: null, related: [], exchange: null };
}

beforeEach(() => {
  document.body.replaceChildren();
  vi.stubGlobal('fetch', async () => new Response('{"reply":{}}\n'));
  at = connected(connectionOf());
});
afterEach(async () => {
  for (const view of views.splice(0)) await unmount(view);
  vi.unstubAllGlobals();
});

function definitions(halted: Problem): string {
  const states = ['verified', 'refused', 'not_sent'] as const;
  const rows = new Map(states.map((state) => [state, { scope: state, action: 'create', state, problem: null }]));
  at.importer.run = { ...times, rows, plan: { acts_as: 'olivia' }, result: { stopped: true, halted } } as never;
  views.push(
    mount(DefinitionsBar, { target: document.body, context: contextOf(at), props: { onapply: () => undefined } }),
  );
  flushSync();
  return document.body.textContent ?? '';
}

function rules(halted: Problem): string {
  const rows = (['refused', 'not_sent'] as const).map((state) => ({
    draft: { rule_type: 'app_deny', target_id: state },
    change: 'added',
    state,
    problem: null,
  }));
  at.rules.run = {
    ...times,
    rows: new Map(rows.map((row) => [row, row])),
    plan: { acts_as: 'olivia' },
    result: { halted, rows },
  } as never;
  views.push(mount(RulesBar, { target: document.body, context: contextOf(at), props: { onsave: () => undefined } }));
  flushSync();
  return document.body.textContent ?? '';
}

test.each([
  ['definitions', definitions],
  ['rules', rules],
])('%s: the reason of the reply is shown, in its language', (_, shown) => {
  for (const message of [
    'Not sent: Prism refused the credential of an earlier change.',
    '未发送：Prism 在之前的更改中拒绝了凭据。',
  ]) {
    expect(shown(problem('job.credential_refused', message))).toContain(message);
    document.body.replaceChildren();
  }
  expect(shown(problem('cancelled', 'Not sent: the job was cancelled.'))).not.toContain('cancelled');
});

test('an ability that was not observed is neither yes nor no', () => {
  const look = (can: boolean, known: boolean): string =>
    abilityLook({ id: 'rules', title: '', note: '', can, known }).word;
  expect([look(true, true), look(true, false), look(false, true)]).toEqual(['can', 'unknown', 'cannot']);
});
