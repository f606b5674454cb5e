// The logic behind the access matrix and the clock of the team list.
import { expect, test } from 'vitest';

import type { AccessRow } from '../src/contract';
import { at, count, fitsRow, rowKey } from '../src/panels/call/access.svelte';
import { clockOf, kept, left } from '../src/panels/call/membership';

const row: AccessRow = {
  route: 'update_todo', field: 'title', method: 'PATCH', path: '/api/cross-app/teams/:team/todos/:todo', group: 'todos', writes: true, provable: false,
  access: 'denied', certainty: 'likely', gate: 'scope', cause: 'scope.not_registered', because: null, headline: 'x', needs: { scopes: ['edit_todos', 'write_todos'] }, remedies: [],
  gates: [
    { id: 'header', state: 'passed', fact: '' },
    { id: 'token', state: 'passed', fact: 'active' },
    { id: 'scope', state: 'failed', fact: 'lacks' },
    { id: 'membership', state: 'not_reached', fact: '' },
  ],
  observed: null,
};

test('a row is named by route and field, and found by what it needs', () => {
  expect(rowKey(row)).toBe('update_todo title');
  expect(rowKey({ ...row, field: null })).toBe('update_todo');
  expect(fitsRow(row, 'edit_todos')).toBe(true);
  expect(fitsRow(row, 'denied SCOPE.not')).toBe(true);
  expect(fitsRow(row, 'allowed')).toBe(false);
  expect(count([row, { ...row, access: 'allowed' }], 'denied')).toBe(1);
});

test('a column shows its gate, and the token also the header that failed', () => {
  expect(at(row, 'scope')?.state).toBe('failed');
  expect(at(row, 'role')).toBeNull();
  expect(at(row, 'token')?.state).toBe('passed');
  const headless = { ...row, gates: [{ id: 'header', state: 'failed' as const, fact: '' }, { id: 'token', state: 'not_reached' as const, fact: '' }] };
  expect(at(headless, 'token')?.state).toBe('failed');
});

test('the clock of a team list runs one hour from the call at most', () => {
  expect(clockOf('membership.stale_denial', 1000)).toEqual({ kind: 'denies', until: 1000 + kept });
  expect(clockOf('hidden.stale_access', null)).toEqual({ kind: 'admits', until: null });
  expect(clockOf('membership.unavailable', 1000)).toEqual({ kind: 'none', until: null });
  expect(clockOf('scope.not_registered', 1000)).toBeNull();
  expect(clockOf('membership.account_deactivated', 1000)).toBeNull();
  expect(left(60_001, 1)).toBe(1);
  expect(left(60_002, 1)).toBe(2);
  expect(left(1, 1)).toBeNull();
});
