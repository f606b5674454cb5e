// The calls of a text as a list: filtered, grouped, one line after the other. Pure: no call, no state.
import type { By, CallRow, Titles } from '../../contract';

/** A call with everything a filter looks for, in lower case. */
export interface Findable {
  row: CallRow;
  hay: string;
}

/** Calls that have something in common. */
export interface CallGroup {
  /** Code or id; `null` where the evidence does not tell it. */
  key: string | null;
  /** What people call it; empty where it has no other name. */
  title: string;
  /** In the order of the text. */
  rows: CallRow[];
  /** Those where nothing was refused. */
  allowed: number;
  /** Those whose reason stayed open. */
  open: number;
}

/** One line of the list: the head of a group, or a call of it. */
export type Line = { id: string; group: CallGroup } & (
  { kind: 'group'; open: boolean } | { kind: 'call'; row: CallRow; at: number }
);

/** With more calls than this a list begins with its groups closed. */
export const many = 200;

/** Makes calls findable; once for a text, not for every letter of a filter. */
export function findable(rows: CallRow[], titles: Titles): Findable[] {
  return rows.map((row) => {
    const named = (by: By): (string | null | undefined)[] => [row[by], titles[by][row[by] ?? '']];
    const all = [
      row.method,
      row.url,
      String(row.status),
      ...named('cause'),
      ...named('route'),
      ...named('consumer'),
      ...named('person'),
    ];
    return { row, hay: all.filter(Boolean).join(' ').toLowerCase() };
  });
}

/** The calls in which every word of the filter stands, in any case. */
export function passing(calls: Findable[], filter: string): CallRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return calls.filter((one) => words.every((word) => one.hay.includes(word))).map((one) => one.row);
}

/** Groups calls, the largest group first; what is not known comes last. */
export function grouped(rows: CallRow[], by: By, titles: Titles): CallGroup[] {
  const found = new Map<string | null, CallGroup>();
  for (const row of rows) {
    const key = row[by];
    let group = found.get(key);
    if (!group) {
      group = { key, title: key === null ? '' : (titles[by][key] ?? ''), rows: [], allowed: 0, open: 0 };
      found.set(key, group);
    }
    group.rows.push(row);
    if (row.standing === 'allowed') group.allowed += 1;
    else if (row.standing === 'open') group.open += 1;
  }
  return [...found.values()].sort(
    (a, b) => Number(a.key === null) - Number(b.key === null) || b.rows.length - a.rows.length,
  );
}

/** What a line is called: the same group or call keeps its name when others come and go. */
export const groupId = (key: string | null): string => (key === null ? 'group' : `group ${key}`);
export const callId = (index: number): string => `call ${index}`;

/** The lines of the list. `turned` names the groups that somebody opened or closed against the default. */
export function lines(groups: CallGroup[], turned: ReadonlySet<string>): Line[] {
  const all = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const list: Line[] = [];
  for (const group of groups) {
    const id = groupId(group.key);
    const open = turned.has(id) ? all > many : all <= many;
    list.push({ id, kind: 'group', group, open });
    if (open) group.rows.forEach((row, at) => list.push({ id: callId(row.index), kind: 'call', group, row, at }));
  }
  return list;
}

/** What a key does in the list: go to a line, or turn a group. */
export type Move = { to: number } | { turn: string } | null;

/** Ten lines are a page. */
const page = 10;

/** What a key does at line `at`; -1: nowhere yet. */
export function move(list: Line[], at: number, key: string): Move {
  const last = list.length - 1;
  if (last < 0) return null;
  const line = list[at];
  const near = (to: number): Move => ({ to: Math.max(0, Math.min(last, to)) });
  switch (key) {
    case 'ArrowDown':
      return near(at + 1);
    case 'ArrowUp':
      return near(at < 0 ? 0 : at - 1);
    case 'PageDown':
      return near(at + page);
    case 'PageUp':
      return near(at - page);
    case 'Home':
      return near(0);
    case 'End':
      return near(last);
    case 'ArrowRight':
      if (line?.kind !== 'group') return null;
      return line.open ? near(at + 1) : { turn: line.id };
    case 'ArrowLeft':
      if (line?.kind === 'group') return line.open ? { turn: line.id } : null;
      return line ? { to: list.findIndex((one) => one.kind === 'group' && one.group === line.group) } : null;
    case 'Enter':
    case ' ':
      return line?.kind === 'group' ? { turn: line.id } : null;
    default:
      return null;
  }
}
