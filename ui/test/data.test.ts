// The files on this computer: listed with size and content, deleted after a second press, in both languages.
import { flushSync, mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { DataFiles, Envelope } from '../src/contract';
import KeptLine from '../src/panels/connections/KeptLine.svelte';
import DataSheet from '../src/shell/DataSheet.svelte';
import { catalogues } from '../src/words';
import { workspace } from '../src/workspace.svelte';

const before: DataFiles = {
  directory: '/home/mia/.local/share/spectroscope',
  in_memory: 2,
  problems: [],
  files: [
    {
      path: '/home/mia/.local/share/spectroscope/connections.json',
      bytes: 2048,
      content: 'connections',
      removed_by: null,
    },
    {
      path: '/home/mia/.local/share/spectroscope/connections.json.7-0.new',
      bytes: 5,
      content: 'draft',
      removed_by: 'drafts',
    },
    { path: '/home/mia/.local/share/spectroscope/we\u202eird.txt', bytes: 1, content: 'unknown', removed_by: null },
  ],
};
let sent: Envelope[] = [];
let view: Record<string, unknown> | null = null;
let refuse = false;

beforeEach(() => {
  sent = [];
  refuse = false;
  workspace.chooseLanguage('en');
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const envelope = JSON.parse(String(init.body)) as Envelope;
    sent.push(envelope);
    const draft = before.files[1];
    const problem = {
      code: 'data_dir.unsafe',
      severity: 'refused',
      message: 'The data directory is not used.',
      hints: [],
      who: null,
      span: null,
      related: [],
      exchange: null,
    };
    const reply =
      envelope.operation === 'list_data'
        ? before
        : { removed: [draft], forgotten: 0, kept: { ...before, files: before.files.filter((file) => file !== draft) } };
    return new Response(`${JSON.stringify(refuse ? { problem } : { reply })}\n`);
  });
});
afterEach(async () => {
  if (view) await unmount(view);
  view = null;
  workspace.dataOpen = false;
  vi.unstubAllGlobals();
});

async function opened(): Promise<HTMLElement> {
  view = mount(DataSheet, { target: document.body });
  return vi.waitFor(() => {
    flushSync();
    const found = document.querySelector<HTMLElement>('[data-files]');
    if (!found?.dataset.files && !document.querySelector('[data-problem]')) throw new Error('nothing is listed');
    return document.querySelector<HTMLElement>('.sheet') ?? document.body;
  });
}

async function press(css: string): Promise<void> {
  document.querySelector<HTMLElement>(css)?.click();
  flushSync();
  await tick();
}

test('the line about what is kept opens the sheet', async () => {
  view = mount(KeptLine, { target: document.body });
  flushSync();
  await press('[data-open="data"]');
  expect(workspace.dataOpen).toBe(true);
});

test.each(['en', 'zh'] as const)('every file is listed with content and size (%s)', async (lang) => {
  workspace.chooseLanguage(lang);
  const sheet = await opened();
  const rows = [...sheet.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent));
  const words = catalogues[lang].data;
  expect(rows).toEqual([
    ['connections.json', words.content.connections, '2.0 KiB'],
    ['connections.json.7-0.new', words.content.draft, expect.stringContaining('5')],
    [expect.not.stringContaining('\u202e'), words.content.unknown, expect.stringContaining('1')],
  ]);
  expect(sheet.textContent).toContain(before.directory);
  expect(sheet.textContent).toContain(words.inMemory(2));
});

test('nothing is deleted before the second press, and what is left is shown after it', async () => {
  await opened();
  await press('[data-delete="drafts"]');
  expect(sent.map((one) => one.operation)).toEqual(['list_data']);
  await vi.waitFor(() => expect(document.activeElement?.getAttribute('data-sure')).toBe('drafts'));
  await press('[data-sure="drafts"]');
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelectorAll('tbody tr')).toHaveLength(2);
  });
  expect(sent.at(-1)).toMatchObject({ operation: 'delete_data', args: { kind: 'drafts' } });
  expect(document.querySelector('[data-file="draft"]')).toBeNull();
});

test('a data directory that is not used is said', async () => {
  refuse = true;
  await opened();
  expect(document.querySelector('[data-problem="data_dir.unsafe"]')).not.toBeNull();
  expect(document.querySelector('table')).toBeNull();
});

test('connections are exported to a file, and those of another computer are added', async () => {
  const taken = { id: 'c-1', name: 'From elsewhere' };
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const envelope = JSON.parse(String(init.body)) as Envelope;
    sent.push(envelope);
    const replies: Record<string, unknown> = {
      list_data: before,
      export_data: { name: 'spectroscope-data.json', text: '{"kind":"spectroscope-data"}' },
      save_text: { path: '/home/mia/spectroscope-data.json' },
      import_data: {
        connections: [
          { name: 'From elsewhere', added_as: 'From elsewhere' },
          { name: 'Tea', added_as: null },
        ],
        problems: [],
        list: { connections: [taken], problems: [], version: '0', read_only_environments: [] },
      },
    };
    return new Response(`${JSON.stringify({ reply: replies[envelope.operation] })}\n`);
  });
  await opened();
  await press('[data-export-data]');
  await vi.waitFor(() => expect(sent.at(-1)?.operation).toBe('save_text'));
  expect(sent.at(-1)?.args).toEqual({ name: 'spectroscope-data.json', text: '{"kind":"spectroscope-data"}' });
  const picker = document.querySelector<HTMLInputElement>('input[type="file"]');
  if (!picker) throw new Error('no file can be chosen');
  Object.defineProperty(picker, 'files', { value: [new File(['{"export":1}'], 'spectroscope-data.json')] });
  picker.dispatchEvent(new Event('change', { bubbles: true }));
  await vi.waitFor(() => expect(workspace.connections).toEqual([taken]));
  expect(
    sent.some((one) => one.operation === 'import_data' && (one.args as { text: string }).text === '{"export":1}'),
  ).toBe(true);
});
