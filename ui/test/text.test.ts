import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { iconNames } from '../src/parts/icons';
import { tokens } from '../src/parts/json';
import { place } from '../src/parts/popup';
import { bytes, clip, fits, pieces, shorten, shown } from '../src/parts/text';

test('identifiers are shortened in the middle, the end is never lost', () => {
  expect(shorten('prism_6wsjw653PfFYk7GOq6wuSQ')).toBe('prism_6wsj…q6wuSQ');
  expect(shorten('prism_abc123')).toBe('prism_abc123');
  expect([...shorten('👩‍💻'.repeat(40))]).toHaveLength(17);
});

test('unseen characters become visible, line breaks and tabs stay', () => {
  expect(shown('a\u202Eb\u200Bc\u0000\ufeff')).toBe('a⟨U+202E⟩b⟨U+200B⟩c⟨U+0000⟩⟨U+FEFF⟩');
  expect(shown('\u{E0041}')).toBe('⟨U+E0041⟩');
  expect(shown('a\r\nb\tc')).toBe('a\nb\tc');
  expect(shown('\u001b[31m')).toBe('⟨U+001B⟩[31m');
});

test('long texts keep beginning and end', () => {
  const text = `begin${'x'.repeat(1_048_576)}end`;
  expect(clip(text, 100)).toMatch(/^begin.* … .*end$/);
  expect(clip(text, 100).length).toBeLessThan(110);
});

test('backticks become code, a lonely one stays', () => {
  expect(pieces('`a` is not `b`.')).toEqual([
    { text: 'a', code: true },
    { text: ' is not ', code: false },
    { text: 'b', code: true },
    { text: '.', code: false },
  ]);
  expect(
    pieces('a ` b')
      .map((p) => p.text)
      .join(''),
  ).toBe('a ` b');
  expect(
    pieces('`a` and ` b')
      .map((p) => p.text)
      .join(''),
  ).toBe('a and ` b');
});

test('toning a line loses nothing', () => {
  for (const line of ['  "scope": "read_todos",', '[', '"a\\"b"', 'not json', '"open', '{"a":1,"b":[true]}', '']) {
    expect(
      tokens(line)
        .map((t) => t.text)
        .join(''),
    ).toBe(line);
  }
  expect(tokens('"a": "b"').map((t) => t.kind)).toEqual([
    'json-key',
    'json-punctuation',
    'json-punctuation',
    'json-string',
  ]);
});

test('filters take every word, in any case and order', () => {
  expect(fits('todos READ', 'read_todos', 'Read todos')).toBe(true);
  expect(fits('read x', 'read_todos')).toBe(false);
  expect(fits('', 'anything')).toBe(true);
});

test('sizes', () => {
  expect([bytes(0), bytes(1023), bytes(1536), bytes(65536), bytes(1_048_576)]).toEqual([
    '0 B',
    '1023 B',
    '1.5 KiB',
    '64 KiB',
    '1.0 MiB',
  ]);
});

test('a popup opens where there is room and never outside of the window', () => {
  const view = { width: 960, height: 640 };
  const at = (top: number, left = 900) => ({ top, bottom: top + 28, left, width: 200 }) as DOMRect;
  const below = place(at(40), { width: 220, height: 300 }, view);
  expect(below.top).toBe(72);
  expect(below.left + below.width).toBeLessThanOrEqual(952);
  const above = place(at(600), { width: 220, height: 300 }, view);
  expect(above.top).toBeNull();
  expect(above.bottom).toBe(44);
  expect(above.maxHeight).toBeLessThanOrEqual(596);
});

test('every icon has its drawing', () => {
  const sprite = readFileSync('src/parts/Sprite.svelte', 'utf8');
  for (const name of iconNames) expect(sprite).toContain(`id="i-${name}"`);
});
