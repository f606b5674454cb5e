import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';

import { contextOf } from '../src/connectionState.svelte';
import type { Problem } from '../src/contract';
import { compareWords } from '../src/panels/definitions/diff';
import { decode, lineAt, linePieces, lineStarts, plainBreaks, spanColumns } from '../src/panels/definitions/source';
import SourceSide from '../src/panels/definitions/SourceSide.svelte';
import { workspace } from '../src/workspace.svelte';
import { connected, connectionOf } from './given';

afterEach(() => vi.unstubAllGlobals());

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
    const kept = (side: typeof runs.before) =>
      side
        .filter((run) => !run.changed)
        .map((run) => run.text)
        .join('');
    expect(kept(runs.before)).toBe(kept(runs.after));
  }
  expect(compareWords('Read todos & comments', 'Read todos').before.filter((run) => run.changed)).toEqual([
    { text: ' & comments', changed: true },
  ]);
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
    expect(
      pieces
        .slice(0, at)
        .map((piece) => piece.text)
        .join('').length,
    ).toBe(caret);
    expect(
      pieces
        .filter((piece) => piece.selected)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(line.slice(2, 16));
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

test('a fix of the engine is offered at its problem, and applied as one edit', async () => {
  const text = '[\n  {"scope": "a", "title": "x😀y"},\n  7\n]';
  const found = [problem('import.invisible_character', 2, 1, 1), problem('import.not_an_object', 3, 3, 1)];
  const fixes = [
    {
      problem: 0,
      kind: 'remove_invisible',
      subject: '',
      edit: { from: text.indexOf('😀'), to: text.indexOf('😀') + 2, insert: '-' },
    },
    {
      problem: 1,
      kind: 'remove_entry',
      subject: '7',
      edit: { from: text.indexOf(',\n  7'), to: text.indexOf(']', 40), insert: '' },
    },
  ];
  const counts = { create: 0, update: 0, delete: 0, unchanged: 0, only_at_prism: 0 };
  vi.stubGlobal(
    'fetch',
    async () =>
      new Response(
        `${JSON.stringify({ reply: { rows: [], counts, problems: found, fixes, blocked: null, base: '1', source_count: 1, acts_as: null } })}\n`,
      ),
  );
  const at = connected(connectionOf());
  at.importer.take(text, { kind: 'typed', at: 1 });
  await at.importer.replan();
  const view = mount(SourceSide, { target: document.body, context: contextOf(at) });
  flushSync();
  const press = (css: string) => (document.querySelector<HTMLButtonElement>(css)?.click(), flushSync());
  const words = workspace.words.definitions;
  const labels = [...document.querySelectorAll('button')].map((button) => button.textContent?.trim());
  expect(labels.filter((label) => label === words.removeUnseen || label === words.removeEntry('7'))).toHaveLength(2);
  for (const button of document.querySelectorAll('button'))
    if (button.textContent?.trim() === words.removeUnseen) button.dataset.test = 'unseen';
  press('[data-test="unseen"]');
  expect(at.importer.text).toBe(text.replace('😀', '-'));
  // The plan is about another text now: what it offers no longer fits.
  expect(
    [...document.querySelectorAll('button')].some((button) => button.textContent?.trim() === words.removeEntry('7')),
  ).toBe(false);
  await unmount(view);
});

test('files of either byte order and any line break become the text a field shows', () => {
  const utf16 = (text: string, little: boolean) =>
    Uint8Array.from(
      [...`\ufeff${text}`].flatMap((c) =>
        little ? [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8] : [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255],
      ),
    );
  expect(decode(utf16('[定]', true))).toBe('[定]');
  expect(decode(utf16('[定]', false))).toBe('[定]');
  expect(decode(new TextEncoder().encode('\ufeff[定]'))).toBe('[定]');
  expect(plainBreaks('a\r\nb\rc\n')).toBe('a\nb\nc\n');
});
