// What people do with the keyboard: choose, open a menu, answer a sheet, run through a long list.
import { cleanup, render, screen, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import TargetField from '../src/panels/rules/TargetField.svelte';
import Bar from '../src/parts/Bar.svelte';
import Menu from '../src/parts/Menu.svelte';
import NameSheet from '../src/parts/NameSheet.svelte';
import Select from '../src/parts/Select.svelte';
import Seg from '../src/parts/Seg.svelte';
import Virtual from '../src/parts/Virtual.svelte';
import Palette from '../src/shell/Palette.svelte';
import { workspace } from '../src/workspace.svelte';
import { connected, connectionOf } from './given';

const user = userEvent.setup();
const options = ['red', 'green', 'blue'].map((value) => ({ value, label: value }));
const many = Array.from({ length: 100 }, (_, index) => ({ value: `v${index}`, label: `value ${index}` }));

beforeEach(() => {
  // The test document draws nothing; everything that is not hidden is visible.
  vi.spyOn(Element.prototype, 'getClientRects').mockImplementation(() => [new DOMRect(0, 0, 1, 1)] as never);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** The option that holds the keys, as the focused element names it. */
function active(): HTMLElement | null {
  const id = document.activeElement?.getAttribute('aria-activedescendant');
  return id ? document.getElementById(id) : null;
}

const selected = (): (string | undefined)[] =>
  screen.getAllByRole('option', { selected: true }).map((one) => one.dataset.value);

test('Select: the arrows make an option active, only Enter chooses it, and the chosen one stays selected until then', async () => {
  const onchange = vi.fn();
  render(Select, { label: 'Colour', value: 'green', options, onchange });
  const trigger = screen.getByRole('button', { name: /Colour/ });
  trigger.focus();
  await user.keyboard('{ArrowDown}');
  expect([active()?.dataset.value, selected()]).toEqual(['green', ['green']]);
  await user.keyboard('{ArrowDown}');
  expect([active()?.dataset.value, selected()]).toEqual(['blue', ['green']]);
  await user.keyboard('{Home}{Enter}');
  expect(onchange.mock.calls).toEqual([['red']]);
  expect([screen.queryByRole('listbox'), document.activeElement]).toEqual([null, trigger]);
});

test('Select: a list of many is filtered while typing; Esc and Tab close it and choose nothing', async () => {
  const onchange = vi.fn();
  render(Select, { label: 'Value', value: null, options: many, onchange });
  const trigger = screen.getByRole('button', { name: /Value/ });
  trigger.focus();
  await user.keyboard('9');
  expect(document.activeElement).toBe(screen.getByRole('combobox'));
  await user.keyboard('9');
  expect(screen.getAllByRole('option').map((one) => one.dataset.value)).toEqual(['v99']);
  await user.keyboard('{Escape}');
  expect([screen.queryByRole('listbox'), document.activeElement, onchange.mock.calls.length]).toEqual([
    null,
    trigger,
    0,
  ]);
  await user.keyboard('{ArrowDown}{Tab}');
  expect([screen.queryByRole('listbox'), onchange.mock.calls.length]).toEqual([null, 0]);
});

test('Select: a value outside of the list is the last option', async () => {
  const onchange = vi.fn();
  render(Select, { label: 'Value', value: null, options, onchange, typed: true });
  screen.getByRole('button', { name: /Value/ }).focus();
  await user.keyboard('{ArrowDown}own{Enter}');
  expect(onchange.mock.calls).toEqual([['own']]);
});

test('target field: the list is offered while typing, and Enter takes the active option, else what was typed', async () => {
  const [onchange, onenter] = [vi.fn(), vi.fn()];
  const known = [
    { id: 'u-1', name: 'Mia', note: '' },
    { id: 'u-2', name: 'Ben', note: '' },
  ];
  render(TargetField, {
    label: 'Who',
    placeholder: '',
    value: '',
    known,
    side: 'owner',
    bad: false,
    ok: false,
    said: undefined,
    onchange,
    onenter,
  });
  const field = screen.getByRole('combobox');
  await user.click(field);
  expect([screen.getAllByRole('option').length, active(), field.getAttribute('aria-expanded')]).toEqual([
    2,
    null,
    'true',
  ]);
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect([active()?.dataset.value, selected()]).toEqual(['u-2', ['u-2']]);
  await user.keyboard('{Enter}');
  expect([onchange.mock.calls, onenter.mock.calls.length]).toEqual([[['u-2']], 0]);
  await user.keyboard('{Enter}');
  expect(onenter).toHaveBeenCalledOnce();
});

test('palette: the field keeps the focus, and the active option is the selected one', async () => {
  vi.stubGlobal('fetch', async () => new Response('{"reply":{}}\n'));
  connected(connectionOf());
  render(Palette);
  expect(document.activeElement).toBe(screen.getByRole('combobox'));
  await user.keyboard('{ArrowDown}');
  const [first, second] = screen.getAllByRole('option');
  expect([
    active(),
    first?.ariaSelected ?? first?.getAttribute('aria-selected'),
    second?.getAttribute('aria-selected'),
  ]).toEqual([second, 'false', 'true']);
});

test('Menu: opens at its first verb, the arrows move, Esc gives the focus back, Enter runs the verb', async () => {
  const [edit, remove] = [vi.fn(), vi.fn()];
  const items = [
    { id: 'edit', icon: 'edit' as const, label: 'Edit', run: edit },
    { id: 'remove', icon: 'trash' as const, label: 'Remove', run: remove },
  ];
  render(Menu, { label: 'Harbor', name: 'harbor', items });
  const trigger = screen.getByRole('button', { name: 'Harbor' });
  await user.click(trigger);
  expect(document.activeElement).toBe(screen.getByRole('menuitem', { name: 'Edit' }));
  await user.keyboard('{ArrowDown}');
  expect(document.activeElement).toBe(screen.getByRole('menuitem', { name: 'Remove' }));
  await user.keyboard('{Escape}');
  expect([screen.queryByRole('menu'), document.activeElement]).toEqual([null, trigger]);
  await user.click(trigger);
  await user.keyboard('{End}{Enter}');
  expect([edit.mock.calls.length, remove.mock.calls.length]).toEqual([0, 1]);
});

test('Sheet: the focus goes in and stays in, Enter answers, Esc closes', async () => {
  const [onname, onclose] = [vi.fn(async () => true), vi.fn()];
  document.body.append(Object.assign(document.createElement('button'), { textContent: 'behind' }));
  render(NameSheet, {
    title: 'Rename',
    value: 'Harbor',
    action: 'Save',
    request: { busy: false, problem: null },
    onname,
    onclose,
  });
  const sheet = screen.getByRole('dialog');
  expect((sheet as HTMLDialogElement).open).toBe(true);
  for (let turn = 0; turn < 6; turn += 1) {
    expect(sheet.contains(document.activeElement)).toBe(true);
    await user.keyboard('{Tab}');
  }
  await user.clear(within(sheet).getByRole('textbox'));
  await user.type(within(sheet).getByRole('textbox'), 'Quay{Enter}');
  expect([onname.mock.calls, onclose.mock.calls.length]).toEqual([[['Quay']], 1]);
  await user.keyboard('{Escape}');
  expect(onclose).toHaveBeenCalledTimes(2);
  document.body.replaceChildren();
});

test('Seg: one tab stop, and the arrows choose', async () => {
  const onchange = vi.fn();
  render(Seg, {
    label: 'View',
    value: 'a',
    options: [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ],
    onchange,
  });
  await user.tab();
  await user.keyboard('{ArrowRight}');
  expect(onchange.mock.calls).toEqual([['b']]);
});

test('Virtual: a row that holds the focus stays in the document', async () => {
  const row = createRawSnippet<[number]>((index) => ({ render: () => `<button>row ${index()}</button>` }));
  const { rerender } = render(Virtual, { count: 500, estimate: () => 20, row });
  await user.tab();
  await user.tab();
  const focused = document.activeElement;
  expect(focused?.tagName).toBe('BUTTON');
  await rerender({ count: 600 });
  expect(document.activeElement).toBe(focused);
  expect(screen.getAllByRole('button').length).toBeLessThan(120);
});

test('Bar: readers hear that it runs, not every step', async () => {
  const said = (): string | null => screen.getByRole('status').textContent;
  const { rerender } = render(Bar, {
    state: 'applying',
    title: 'Applying',
    detail: '1 of 40 sent',
    done: 1,
    total: 40,
  });
  expect(said()).toBe('Applying');
  await rerender({ detail: '2 of 40 sent', done: 2 });
  expect(said()).toBe('Applying');
  await rerender({ state: 'done', title: '40 applied', detail: 'by olivia' });
  expect(said()).toBe('40 applied. by olivia');
  expect(workspace.lang).toBe('en');
});
