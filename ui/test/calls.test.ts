import { expect, test } from 'vitest';

import type { CallRow, Titles } from '../src/contract';
import { callId, findable, grouped, groupId, lines, many, move, passing } from '../src/panels/call/calls';

const titles: Titles = {
  cause: { 'scope.renamed': 'The scope has a new name' },
  consumer: { prism_b: 'Standup Bot' },
  route: {},
  person: {},
};

function row(index: number, more: Partial<CallRow> = {}): CallRow {
  return {
    index,
    method: 'GET',
    url: `https://g.test/api/${index}`,
    status: 403,
    cause: 'scope.renamed',
    certainty: 'proven',
    standing: 'denied',
    route: null,
    consumer: null,
    person: null,
    ...more,
  };
}

const rows = [
  row(0, { consumer: 'prism_b' }),
  row(3, { cause: 'allowed', status: 200, standing: 'allowed' }),
  row(4, { consumer: 'prism_b' }),
  row(9, { cause: 'server.undetermined', standing: 'open', status: 0 }),
];

test('every word of the filter stands somewhere: reason, its title, verb, place, status, names', () => {
  const calls = findable(rows, titles);
  const left = (filter: string) => passing(calls, filter).map((one) => one.index);
  expect(left('')).toEqual([0, 3, 4, 9]);
  expect(left('  NEW name ')).toEqual([0, 4]);
  expect(left('standup api/4')).toEqual([4]);
  expect(left('200 get')).toEqual([3]);
  expect(left('standup 200')).toEqual([]);
});

test('the largest group comes first, what is not known last; each says what was allowed and what stayed open', () => {
  const by = grouped([...rows, row(10)], 'consumer', titles);
  expect(by.map((group) => [group.key, group.title, group.rows.length, group.allowed, group.open])).toEqual([
    ['prism_b', 'Standup Bot', 2, 0, 0],
    [null, '', 3, 1, 1],
  ]);
  expect(grouped(rows, 'cause', titles).map((group) => group.key)).toEqual([
    'scope.renamed',
    'allowed',
    'server.undetermined',
  ]);
});

test('few calls are all shown, many begin closed; a group that was turned is the other way round', () => {
  const few = grouped(rows, 'cause', titles);
  expect(lines(few, new Set()).map((line) => line.id)).toEqual([
    groupId('scope.renamed'),
    callId(0),
    callId(4),
    groupId('allowed'),
    callId(3),
    groupId('server.undetermined'),
    callId(9),
  ]);
  expect(lines(few, new Set([groupId('scope.renamed')])).length).toBe(5);
  const lot = grouped(
    Array.from({ length: many + 1 }, (_, index) => row(index)),
    'cause',
    titles,
  );
  expect(lines(lot, new Set()).map((line) => line.kind)).toEqual(['group']);
  expect(lines(lot, new Set([groupId('scope.renamed')])).length).toBe(many + 2);
});

test('arrows walk and turn groups, Enter turns them, nothing leaves the list', () => {
  const open = lines(grouped(rows, 'cause', titles), new Set());
  expect(move(open, -1, 'ArrowDown')).toEqual({ to: 0 });
  expect(move(open, 0, 'ArrowUp')).toEqual({ to: 0 });
  expect(move(open, 6, 'ArrowDown')).toEqual({ to: 6 });
  expect(move(open, 2, 'PageDown')).toEqual({ to: 6 });
  expect(move(open, 2, 'Home')).toEqual({ to: 0 });
  expect(move(open, 0, 'ArrowRight')).toEqual({ to: 1 });
  expect(move(open, 2, 'ArrowLeft')).toEqual({ to: 0 });
  expect(move(open, 0, 'ArrowLeft')).toEqual({ turn: groupId('scope.renamed') });
  expect(move(open, 3, 'Enter')).toEqual({ turn: groupId('allowed') });
  expect(move(open, 4, 'Enter')).toBeNull();
  const closed = lines(grouped(rows, 'cause', titles), new Set([groupId('scope.renamed')]));
  expect(move(closed, 0, 'ArrowRight')).toEqual({ turn: groupId('scope.renamed') });
  expect(move([], -1, 'ArrowDown')).toBeNull();
});

test('ten thousand calls are filtered and grouped while somebody types', () => {
  const lot = Array.from({ length: 10_000 }, (_, index) =>
    row(index, { cause: `scope.c${index % 30}`, consumer: index % 3 ? `prism_${index % 100}` : null }),
  );
  const calls = findable(lot, titles);
  const left = passing(calls, 'c7 403');
  expect(left.length).toBe(334);
  expect(grouped(left, 'consumer', titles).reduce((sum, group) => sum + group.rows.length, 0)).toBe(334);
});
