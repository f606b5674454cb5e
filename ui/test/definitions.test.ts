import { expect, test } from 'vitest';

import type { Problem } from '../src/contract';
import { cureOf, removalOf } from '../src/panels/definitions/cure';
import { compareWords } from '../src/panels/definitions/diff';
import { decode, itemAt, lineAt, linePieces, lineStarts, plainBreaks, spanColumns, withoutItem } from '../src/panels/definitions/source';

const problem = (code: string, line: number, column: number, length: number): Problem => ({
  code,
  severity: 'refused',
  message: code,
  hints: [],
  who: null,
  span: { line, column, length },
  related: [],
  exchange: null,
});

test('a comparison gives both texts back and marks only what the other side does not have', () => {
  const pairs = [
    ['Read todos & comments', 'Read todos'],
    ['Create & edit todos (legacy)', 'Write todos (legacy)'],
    ['', 'something'],
    ['读取 待办', '读取 清单'],
    ['same', 'same'],
  ] as const;
  for (const [before, after] of pairs) {
    const runs = compareWords(before, after);
    expect(runs.before.map((run) => run.text).join('')).toBe(before);
    expect(runs.after.map((run) => run.text).join('')).toBe(after);
    const kept = (side: typeof runs.before) => side.filter((run) => !run.changed).map((run) => run.text).join('');
    expect(kept(runs.before)).toBe(kept(runs.after));
  }
  expect(compareWords('Read todos & comments', 'Read todos').before.filter((run) => run.changed)).toEqual([{ text: ' & comments', changed: true }]);
});

test('texts too long to be compared word by word still come back whole', () => {
  const before = Array.from({ length: 2000 }, (_, index) => `a${index}`).join(' ');
  const after = Array.from({ length: 2000 }, (_, index) => `b${index}`).join(' ');
  const runs = compareWords(before, after);
  expect(runs.before.map((run) => run.text).join('')).toBe(before);
  expect(runs.after.map((run) => run.text).join('')).toBe(after);
});

test('the pieces of a line are the line, and the caret stands where it was put', () => {
  const line = '    "title": "a \\"b\\" c",';
  for (let caret = 0; caret <= line.length; caret += 1) {
    const pieces = linePieces(line, { bad: [{ from: 13, to: 24 }], selected: { from: 2, to: 16 }, caret });
    expect(pieces.map((piece) => piece.text).join('')).toBe(line);
    const at = pieces.findIndex((piece) => piece.caret);
    expect(pieces.slice(0, at).map((piece) => piece.text).join('').length).toBe(caret);
    expect(pieces.filter((piece) => piece.selected).map((piece) => piece.text).join('')).toBe(line.slice(2, 16));
  }
  expect(linePieces('', { bad: [], selected: null, caret: 0 })).toHaveLength(1);
});

test('columns count characters, not units', () => {
  expect(spanColumns('😀"x"', { line: 1, column: 2, length: 3 })).toEqual({ from: 2, to: 5 });
  expect(spanColumns('ab', { line: 1, column: 9, length: 3 })).toEqual({ from: 2, to: 2 });
});

test('every offset is in the line that holds it', () => {
  const text = 'a\n\nbc\n';
  const starts = lineStarts(text.split('\n'));
  expect([0, 1, 2, 3, 4, 5, 6].map((offset) => lineAt(starts, offset))).toEqual([0, 0, 1, 2, 2, 2, 3]);
});

test('a definition is found by any place in it, and what is left is still a list', () => {
  const list = [{ scope: 'a', title: 'br{ace] "x"' }, { scope: 'b', more: { deep: [1, { x: 2 }] } }, { scope: 'c' }];
  for (const text of [JSON.stringify(list, null, 2), JSON.stringify(list), JSON.stringify({ definitions: list }, null, 2)]) {
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      const item = itemAt(text, text.indexOf(`"${name}"`));
      expect(JSON.parse(text.slice(item?.start, item?.end))).toEqual(list[index]);
      const left = JSON.parse(withoutItem(text, item ?? { start: 0, end: 0 })) as unknown;
      const rest = list.filter((_, at) => at !== index);
      expect(left).toEqual(Array.isArray(left) ? rest : { definitions: rest });
    }
  }
  expect(itemAt('[1, 2]', 1)).toBeNull();
  expect(itemAt('{"scope": "a"}', 3)).toBeNull();
  expect(itemAt('[{"scope": "open', 12)).toBeNull();
});

test('the removal of an entry names it and takes nothing else', () => {
  const text = '[\n  {"scope": "a"},\n  {"scope": "b b"},\n  42,\n  {"scope": "c"}\n]';
  const entry = removalOf(text, problem('import.bad_name', 3, 13, 5));
  expect(entry?.what).toBe('b b');
  expect(JSON.parse(entry?.text ?? '')).toEqual([{ scope: 'a' }, 42, { scope: 'c' }]);
  const scalar = removalOf(text, problem('import.not_an_object', 4, 3, 2));
  expect(scalar?.what).toBe('42');
  expect(JSON.parse(scalar?.text ?? '')).toEqual([{ scope: 'a' }, { scope: 'b b' }, { scope: 'c' }]);
});

test('nothing is removed where nobody knows the end of the entry', () => {
  const missingComma = '[\n  {"scope": "a"}\n  {"scope": "b"}\n]';
  expect(removalOf(missingComma, problem('json.expected_comma', 3, 3, 1))).toBeNull();
  const open = '[\n  {"scope": "a", "title": "x},\n  {"scope": "b"}\n]';
  for (const line of [2, 3]) expect(removalOf(open, problem('import.bad_name', line, 13, 3))?.text ?? open).toSatisfy((left: string) => left === open || left.includes('"a"'));
  expect(removalOf('nothing', problem('import.not_an_object', 1, 1, 1))).toBeNull();
  expect(removalOf(missingComma, problem('import.bad_name', 99, 1, 1))).toBeNull();
});

test('a blank title is cured with that of the guide, a missing one too, an unknown scope not', () => {
  const guide = new Map([['edit_todos', { title: 'Edit "todos"' }]]);
  const blank = '[\n  {\n    "scope": "edit_todos",\n    "title": "   "\n  }\n]';
  const cured = cureOf(blank, problem('import.no_title', 4, 14, 5), guide);
  expect(JSON.parse(cured?.text ?? '')).toEqual([{ scope: 'edit_todos', title: 'Edit "todos"' }]);
  const missing = '[\n  {\n    "scope": "edit_todos"\n  }\n]';
  expect(JSON.parse(cureOf(missing, problem('import.no_title', 2, 3, 1), guide)?.text ?? '')).toEqual([{ title: 'Edit "todos"', scope: 'edit_todos' }]);
  expect(cureOf(blank.replace('edit_todos', 'other'), problem('import.no_title', 4, 14, 5), guide)).toBeNull();
  expect(cureOf(blank, problem('import.duplicate_scope', 4, 14, 5), guide)).toBeNull();
});

test('unseen characters are taken out of the place the problem points at, and nowhere else', () => {
  const text = '[{"scope":"a","title":"x\u200by\u202ez"},{"scope":"b","title":"k\u200b"}]';
  const cured = cureOf(text, problem('import.invisible_character', 1, 23, 7), new Map());
  expect(JSON.parse(cured?.text ?? '')).toEqual([{ scope: 'a', title: 'xyz' }, { scope: 'b', title: 'k\u200b' }]);
});

test('files of either byte order and any line break become the text a field shows', () => {
  const utf16 = (text: string, little: boolean) => Uint8Array.from([...`\ufeff${text}`].flatMap((c) => (little ? [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8] : [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255])));
  expect(decode(utf16('[定]', true))).toBe('[定]');
  expect(decode(utf16('[定]', false))).toBe('[定]');
  expect(decode(new TextEncoder().encode('\ufeff[定]'))).toBe('[定]');
  expect(plainBreaks('a\r\nb\rc\n')).toBe('a\nb\nc\n');
});
