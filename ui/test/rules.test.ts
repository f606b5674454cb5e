import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { ConnectionState } from '../src/connectionState.svelte';
import type { AccessReview, Envelope, RuleView } from '../src/contract';
import type { Rules } from '../src/panels/rules/rules.svelte';
import { connected, connectionOf } from './given';

const view = (id: string, target_id: string): RuleView => ({
  rule: { id, rule_type: 'app_deny', target_id, created_at: 0 },
  target_name: null,
  target_kind: 'client_id',
  change: 'kept',
  problems: [],
});

function review(base: string, views: RuleView[]): AccessReview {
  return {
    rules: views,
    consumers: [],
    people: [],
    app_mode: 'open',
    app_mode_after: 'open',
    owner_mode: 'open',
    owner_mode_after: 'open',
    warnings: [],
    limits: [],
    blocked: null,
    base,
    acts_as: 'olivia',
  };
}

let asked: Envelope[] = [];
let at: ConnectionState;
let rules: Rules;

/** A host that answers by operation; a function may answer differently each time. */
function host(answers: Record<string, () => unknown>): void {
  asked = [];
  vi.stubGlobal('fetch', async (_: string, init: { body: string }) => {
    const envelope = JSON.parse(init.body) as Envelope;
    asked.push(envelope);
    return new Response(`${JSON.stringify(answers[envelope.operation]?.())}\n`);
  });
}

beforeEach(() => {
  at = connected(connectionOf());
  rules = at.rules;
});
afterEach(() => vi.unstubAllGlobals());

test('a click stages and sends nothing; undo goes back one step at a time', async () => {
  host({ review_access: () => ({ reply: review('1', [view('r1', 'a')]) }) });
  await rules.look();
  rules.stage({ rule_type: 'app_allow', target_id: 'b' });
  rules.drop(rules.rows('app')[0] ?? view('', ''));
  expect(rules.count).toBe(2);
  expect(rules.rows('app').map((row) => row.change)).toEqual(['removed', 'added']);
  expect(asked.map((one) => one.operation)).toEqual(['review_access']);
  rules.undo();
  expect(rules.remove).toEqual([]);
  rules.undo();
  expect(rules.count).toBe(0);
});

test('a rule that is about to be removed is kept when it is added again', async () => {
  host({ review_access: () => ({ reply: review('1', [view('r1', 'a')]) }) });
  await rules.look();
  rules.drop(rules.rows('app')[0] ?? view('', ''));
  rules.stage({ rule_type: 'app_deny', target_id: 'a' });
  expect(rules.count).toBe(0);
});

test('a change that was not looked at is not sent', async () => {
  host({ review_access: () => ({ reply: review('1', []) }) });
  await rules.look();
  rules.stage({ rule_type: 'app_allow', target_id: 'b' });
  await rules.apply();
  expect(asked.map((one) => one.operation)).not.toContain('apply_rules');
});

test('when the rules moved nothing is lost: the stage stays, both versions are at hand', async () => {
  let moved = false;
  const problem = {
    code: 'stale_plan',
    severity: 'refused',
    message: 'm',
    hints: [],
    who: null,
    span: null,
    related: [],
    exchange: null,
  };
  host({
    review_access: () => ({ reply: review(moved ? '2' : '1', moved ? [view('r9', 'z')] : [view('r1', 'a')]) }),
    apply_rules: () => {
      moved = true;
      return { problem };
    },
  });
  await rules.look();
  rules.drop(rules.rows('app')[0] ?? view('', ''));
  rules.stage({ rule_type: 'app_allow', target_id: 'b' });
  await rules.look();
  await rules.apply();
  expect(rules.overtaken?.base).toBe('1');
  expect(rules.review.reply?.base).toBe('2');
  expect(rules.add).toEqual([{ rule_type: 'app_allow', target_id: 'b' }]);
  expect(rules.remove).toEqual([]);
  expect(rules.applying).toBe(false);
});

test('what was refused stays staged, what was verified does not', async () => {
  const row = (target_id: string, state: string) => ({
    draft: { rule_type: 'app_allow', target_id },
    change: 'added',
    state,
    problem: null,
  });
  host({
    review_access: () => ({ reply: review('1', []) }),
    apply_rules: () => ({
      reply: { rows: [row('b', 'verified'), row('c', 'refused')], summary: '', review: review('2', []) },
    }),
  });
  rules.stage({ rule_type: 'app_allow', target_id: 'b' });
  rules.stage({ rule_type: 'app_allow', target_id: 'c' });
  await rules.look();
  await rules.apply();
  expect(rules.add).toEqual([{ rule_type: 'app_allow', target_id: 'c' }]);
  expect([...(rules.run?.rows.values() ?? [])].map((one) => one.state)).toEqual(['verified', 'refused']);
  expect(at.applying).toBeNull();
});
