import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { asProblem } from '../src/call';
import { contextOf } from '../src/connectionState.svelte';
import DiagnoseSide from '../src/panels/call/DiagnoseSide.svelte';
import GateLadder from '../src/panels/call/GateLadder.svelte';
import Refusals from '../src/panels/call/Refusals.svelte';
import { diagnosis, exchange, host } from './callGiven';
import { connected, connectionOf } from './given';

beforeEach(() => document.body.replaceChildren());
afterEach(() => vi.unstubAllGlobals());

test('server texts stay text, and unseen characters are shown', async () => {
  const hostile = '<img src=x onerror=alert(1)>\u202e';
  const views = [
    mount(GateLadder, {
      target: document.body,
      props: {
        gates: [
          {
            id: 'token',
            title: hostile,
            question: hostile,
            state: 'failed',
            would_pass: null,
            evidence: [{ kind: 'observed', text: hostile, source: hostile }],
          },
        ],
      },
    }),
    mount(Refusals, {
      target: document.body,
      props: { meanings: true, refusals: [{ status: 401, text: hostile, code: hostile, meaning: hostile, lit: true }] },
    }),
  ];
  expect(document.querySelector('img')).toBeNull();
  expect(document.body.textContent).toContain('⟨U+202E⟩');
  expect(document.querySelector('tr[aria-current]')).not.toBeNull();
  for (const view of views) await unmount(view);
});

test('files: UTF-16 is read by its mark, long texts are held beside the field', async () => {
  const { reader } = connected(connectionOf());
  const utf16 = new Uint8Array([0xff, 0xfe, ...[...'HTTP/1.1 401'].flatMap((c) => [c.charCodeAt(0), 0])]);
  await reader.open(new File([utf16], 'a.txt'));
  expect(reader.held).toMatchObject({ name: 'a.txt', text: 'HTTP/1.1 401' });
  reader.take('short');
  expect([reader.text, reader.held]).toEqual(['short', null]);
  reader.take('x'.repeat(300_000));
  expect([reader.text, reader.held?.bytes]).toEqual(['', 300_000]);
  reader.clear();
});

const heading = (name: string) => ({ ...diagnosis, headline: name, index: 0, exchange });
const openedAs = (name: string) => ({
  text: name,
  rows: [{ index: 0 }],
  titles: { cause: {}, consumer: {}, route: {}, person: {} },
  first: heading(name),
  problems: [],
});

test('the answer is always about the text on the left: another text takes it away, opening and pasting explain at once', async () => {
  const { reader } = connected(connectionOf());
  const asked = host({ open_text: openedAs('first') });
  await reader.open(new File(['HTTP/1.1 403'], 'a.txt'));
  expect(reader.subject?.headline).toBe('first');
  reader.take('HTTP/1.1 401');
  expect([reader.reply, reader.subject]).toEqual([null, null]);
  await reader.explain();
  expect(reader.subject?.headline).toBe('first');
  reader.status = '404';
  expect(reader.subject).toBeNull();
  expect(asked.filter((one) => one.operation === 'open_text').map((one) => one.args.text)).toEqual([
    'HTTP/1.1 403',
    'HTTP/1.1 401',
  ]);
});

test('a text pasted while another is read takes its place; the answer to the first is never shown', async () => {
  const { reader } = connected(connectionOf());
  const answers: ((name: string) => void)[] = [];
  vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
    const { operation } = JSON.parse(String(init.body)) as { operation: string };
    const answer = (reply: unknown) => new Response(`${JSON.stringify({ reply })}\n`);
    if (operation !== 'open_text') return Promise.resolve(answer({}));
    return new Promise<Response>((resolve) => answers.push((name) => resolve(answer(openedAs(name)))));
  });
  reader.take('one');
  const one = reader.explain();
  reader.take('two');
  const two = reader.explain();
  answers[1]?.('two');
  await two;
  answers[0]?.('one');
  await one;
  expect([reader.subject?.headline, reader.busy]).toEqual(['two', false]);
});

test('a paste into the field is explained without a press', async () => {
  const at = connected(connectionOf());
  host({ open_text: openedAs('pasted') });
  const view = mount(DiagnoseSide, { target: document.body, context: contextOf(at) });
  flushSync();
  const field = document.querySelector<HTMLTextAreaElement>('[data-diagnose-text]');
  if (!field) throw new Error('no field');
  field.value = 'HTTP/1.1 403';
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
  await vi.waitFor(() => expect(at.reader.subject?.headline).toBe('pasted'));
  await unmount(view);
});

test('a file that cannot be read is named, and is no fault of the engine', async () => {
  const at = connected(connectionOf());
  const asked = host({});
  const file = new File(['x'], 'gone.har');
  file.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
  const error = await at.reader.open(file).catch((thrown: unknown) => asProblem(thrown));
  expect(error).toMatchObject({
    code: 'file.unreadable',
    message: 'The file gone.har cannot be read.',
    related: ['gone'],
  });
  expect(asked).toEqual([]);
});
