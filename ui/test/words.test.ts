import { expect, test } from 'vitest';

import { catalogues } from '../src/words';

/** What a word with parameters says: parameters are numbers and texts, or a list of texts. */
function said(word: (...parameters: unknown[]) => unknown): string {
  try {
    return String(word(2, 3, 4));
  } catch {
    return String(word(['a', 'b'], ['c', 'd']));
  }
}

/** Every word with its path. */
function leaves(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, said(value as (...parameters: unknown[]) => unknown)]];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

const en = leaves(catalogues.en, 'words');
const zh = new Map(leaves(catalogues.zh, 'words'));

test('both languages say something for every key', () => {
  expect(en.length).toBeGreaterThan(200);
  expect(en.filter(([path]) => !zh.has(path))).toEqual([]);
  expect([...zh.keys()].filter((path) => !en.some(([p]) => p === path))).toEqual([]);
  expect([...zh].filter(([, text]) => !text.trim()).map(([path]) => path)).toEqual(
    en.filter(([, text]) => !text.trim()).map(([path]) => path),
  );
});

test('house words: no please, no oops, no success, no exclamation mark', () => {
  expect(en.filter(([, text]) => /please|oops|successfully|something went wrong|!/i.test(text))).toEqual([]);
  expect([...zh].filter(([, text]) => /请您|抱歉|哎呀|！/.test(text))).toEqual([]);
});

test('Chinese sentences use full-width punctuation', () => {
  expect([...zh].filter(([, text]) => /[\u4e00-\u9fff][,;:?]/.test(text)).map(([path]) => path)).toEqual([]);
});
