import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { ReasonEntry } from '../src/contract';
import { find, Sources } from '../src/shell/palette.svelte';
import Reasons from '../src/shell/Reasons.svelte';
import { workspace } from '../src/workspace.svelte';

function reason(code: string, title: string, action: string): ReasonEntry {
  const family = code.split('.')[0] ?? '';
  return {
    code,
    family,
    family_title: family,
    title,
    headline: `${title}.`,
    question: null,
    steps: [{ who: 'operator', action, detail: null, reauthorize: true }],
  };
}

const reasons = [
  reason('reach.dns', 'No name', 'Check the address'),
  reason('scope.renamed', 'An old name', 'Register the scope'),
  reason('scope.other', 'Another', 'Ask for it'),
];

function shownCodes(): (string | null)[] {
  return [...document.querySelectorAll('article')].map((entry) => entry.getAttribute('aria-label'));
}

beforeEach(() => {
  document.body.replaceChildren();
  vi.stubGlobal('fetch', async () => new Response(`${JSON.stringify({ reply: { reasons } })}\n`));
});
afterEach(() => vi.unstubAllGlobals());

test('opened at a code it shows all of them and goes to that one', async () => {
  workspace.openReasons('scope.renamed');
  const page = mount(Reasons, { target: document.body });
  await vi.waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('scope.renamed'));
  expect(shownCodes()).toEqual(reasons.map((one) => one.code));
  expect([...document.querySelectorAll('h3')].map((head) => head.textContent)).toEqual(['reach', 'scope']);
  expect(document.querySelectorAll('[style]')).toHaveLength(0);
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  expect(workspace.reasonsAt).toBeNull();
  await unmount(page);
});

test('the filter looks at codes, sentences and cures, and says when nothing fits', async () => {
  workspace.openReasons();
  const page = mount(Reasons, { target: document.body });
  await vi.waitFor(() => expect(shownCodes()).toHaveLength(3));
  const field = document.querySelector('input') as HTMLInputElement;
  const type = (text: string) => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
  };
  type('register SCOPE');
  expect(shownCodes()).toEqual(['scope.renamed']);
  type('nowhere');
  expect(shownCodes()).toEqual([]);
  expect(document.body.textContent).toContain(workspace.words.shell.reasons.nothing('nowhere'));
  workspace.reasonsAt = null;
  await unmount(page);
});

test('every code is found in the palette, which opens the page at it', () => {
  const sources = new Sources();
  sources.reasons = reasons;
  workspace.paletteOpen = true;
  const item = find('scope.ren', sources).find((one) => one.text === 'scope.renamed');
  item?.run();
  expect([workspace.reasonsAt, workspace.paletteOpen, workspace.covered]).toEqual(['scope.renamed', false, true]);
  workspace.reasonsAt = null;
});
