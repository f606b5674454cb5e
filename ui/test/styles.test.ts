// House style of markup and style sheets, read as they are written: class names are words, lengths are tokens.
import { parse, type AST } from 'svelte/compiler';
import { expect, test } from 'vitest';

const components = import.meta.glob<string>('../src/**/*.svelte', { query: '?raw', import: 'default', eager: true });
const sheets = import.meta.glob<string>('../src/*.css', { query: '?raw', import: 'default', eager: true });

/** Shortest name of a class that can be a word. */
const SHORTEST = 3;

/** Class names in the selectors of a style sheet. */
function selected(css: string): string[] {
  const bare = css.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\{[^{}]*\}/g, '{}');
  return [...bare.matchAll(/\.([a-zA-Z][\w-]*)/g)].map((match) => match[1] ?? '');
}

/** Class names that the markup of a component gives as text, as a directive, or as a text or key in an expression. */
function given(source: string): string[] {
  const names: string[] = [];
  const words = (text: string) => names.push(...text.split(/\s+/).filter(Boolean));
  function expression(text: string): void {
    for (const [, compared, word] of text.matchAll(/([!=]==\s*)?'([^']*)'/g)) if (!compared) words(word ?? '');
    for (const [, key] of text.matchAll(/[{,]\s*([a-zA-Z]\w*)\s*(?=[:,}])/g)) words(key ?? '');
  }
  function visit(node: unknown): void {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null) return;
    const one = node as AST.Attribute | AST.ClassDirective;
    if (one.type === 'ClassDirective') words(one.name);
    if (one.type === 'Attribute' && one.name === 'class' && one.value !== true)
      for (const part of [one.value].flat())
        if (part.type === 'Text') words(part.data);
        else if (!/^\{\s*\w+\s*\}$/.test(source.slice(part.start, part.end)))
          expression(source.slice(part.start + 1, part.end - 1));
    Object.values(node).forEach(visit);
  }
  visit(parse(source, { modern: true }).fragment);
  return names;
}

function letters(names: string[]): string[] {
  return [...new Set(names)].filter((name) => name.length < SHORTEST || /^[a-z]+\d+$/.test(name));
}

test('class names are words, in markup and in style sheets', () => {
  const wrong: string[] = [];
  for (const [file, source] of Object.entries(components)) {
    const style = /<style>([\s\S]*)<\/style>/.exec(source)?.[1] ?? '';
    for (const name of letters([...given(source), ...selected(style)])) wrong.push(`${file}: ${name}`);
  }
  for (const [file, css] of Object.entries(sheets))
    for (const name of letters(selected(css))) wrong.push(`${file}: ${name}`);
  expect(Object.keys(components).length).toBeGreaterThan(100);
  expect(Object.keys(sheets)).toHaveLength(4);
  expect(wrong).toEqual([]);
});

test('a letter is found wherever a class can be written', () => {
  const source = `<p class="x wide {state === 'on' ? 'y' : 'open'}" class:z={true}></p><p class={['row', { q: quiet }]}></p>`;
  expect(letters(given(source))).toEqual(['x', 'y', 'z', 'q']);
  expect(letters(selected('.t2 > .row { margin: 1px } @media (x) { li.on { top: .5px } }'))).toEqual(['t2', 'on']);
});

/** Declarations of a style sheet with a length of their own where the scale of tokens.css has one; hairlines are allowed. */
function odd(css: string): string[] {
  const spaced = /^(padding|margin|gap|row-gap|column-gap|font-size|font|border-radius)\b/;
  const own = (value: string) => [...value.matchAll(/([\d.]+)px/g)].some((match) => Number(match[1]) > 2);
  return [...css.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/([a-z-]+):\s*([^;{}]+);/g)]
    .filter(
      ([, name, value]) =>
        spaced.test(name ?? '') && own(name === 'font' ? (value ?? '').replace(/\/\S+/, '') : (value ?? '')),
    )
    .map(([all]) => all.replaceAll(/\s+/g, ' '));
}

test('spacing, corners and sizes of text come from tokens', () => {
  const wrong: string[] = [];
  for (const [file, source] of Object.entries(components))
    for (const one of odd(/<style>([\s\S]*)<\/style>/.exec(source)?.[1] ?? '')) wrong.push(`${file}: ${one}`);
  for (const [file, css] of Object.entries(sheets))
    if (!file.endsWith('tokens.css')) for (const one of odd(css)) wrong.push(`${file}: ${one}`);
  expect(wrong).toEqual([]);
});

test('a length of its own is found, a hairline and a token are not', () => {
  const css = 'p { padding: 1px var(--space-2); margin-left: -7px; gap: 2px; font: 600 11px/16px x; width: 9px; }';
  expect(odd(css)).toEqual(['margin-left: -7px;', 'font: 600 11px/16px x;']);
});
