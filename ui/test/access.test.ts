// The logic behind the access matrix.
import { expect, test } from 'vitest';

import type { AccessRow } from '../src/contract';
import { at, count, fitsRow, rowKey } from '../src/panels/call/access.svelte';

const row: AccessRow = {
  route: 'update_todo',
  field: 'title',
  method: 'PATCH',
  path: '/api/cross-app/teams/:team/todos/:todo',
  group: 'todos',
  writes: true,
  provable: false,
  access: 'denied',
  certainty: 'likely',
  gate: 'scope',
  cause: 'scope.not_registered',
  because: null,
  headline: 'x',
  needs: { scopes: ['edit_todos', 'write_todos'] },
  remedies: [],
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
  const headless = {
    ...row,
    gates: [
      { id: 'header', state: 'failed' as const, fact: '' },
      { id: 'token', state: 'not_reached' as const, fact: '' },
    ],
  };
  expect(at(headless, 'token')?.state).toBe('failed');
});
