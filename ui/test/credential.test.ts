import { flushSync, mount, tick, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';

import { activeState, contextOf } from '../src/connectionState.svelte';
import PasteCredential from '../src/panels/connections/PasteCredential.svelte';
import { workspace } from '../src/workspace.svelte';
import { connected, connectionOf, identityOf } from './given';

const canary = 'canary-3f9d1c7a55e04b28';
let view: Record<string, unknown> | undefined;

afterEach(async () => {
  if (view) await unmount(view);
  vi.unstubAllGlobals();
});

/** Answers every call with the line, and keeps what was sent. */
function host(line: unknown): string[] {
  const sent: string[] = [];
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    sent.push(String(init.body));
    return new Response(`${JSON.stringify(line)}\n`);
  });
  return sent;
}

/** Everything the window holds: markup, fields, what is remembered, what is shared. */
function everything(): string {
  const fields = [...document.querySelectorAll('input')].map((field) => field.value);
  return (
    document.documentElement.outerHTML + fields.join() + JSON.stringify({ ...localStorage }) + JSON.stringify(shared())
  );
}

function shared(): unknown {
  return { connections: workspace.connections, problem: workspace.problem, check: activeState()?.check };
}

async function paste(): Promise<string[]> {
  const problem = {
    code: 'identity.unreadable',
    severity: 'refused',
    message: 'It is no credential of this Prism.',
    hints: [],
    who: null,
    span: null,
    related: [],
    exchange: null,
  };
  const sent = host({ problem });
  const connection = connectionOf();
  view = mount(PasteCredential, {
    target: document.body,
    context: contextOf(connected(connection)),
    props: { connection, onclose: () => {} },
  });
  flushSync();
  const field = document.querySelector<HTMLInputElement>('input[type="password"]');
  if (!field) throw new Error('no field');
  field.value = canary;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await tick();
  document.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(document.body.textContent).toContain('no credential of this Prism'));
  return sent;
}

test('a pasted credential is sent once and is nowhere afterwards', async () => {
  const sent = await paste();
  expect(sent.filter((body) => body.includes(canary))).toHaveLength(1);
  expect(everything()).not.toContain(canary);
});

test('what is taken in with a warning says so and can be let go there', async () => {
  const connection = connectionOf({ identities: [identityOf({ id: 'i-9', label: 'dead token' })] });
  const problem = {
    code: 'credential.expired',
    severity: 'risky',
    message: 'Token expired.',
    hints: [],
    who: null,
    span: null,
    related: [],
    exchange: null,
  };
  host({ reply: { identity: connection.identities[0], problems: [problem], connections: [connection], version: '' } });
  view = mount(PasteCredential, {
    target: document.body,
    context: contextOf(connected(connection)),
    props: { connection, onclose: () => {} },
  });
  flushSync();
  const field = document.querySelector<HTMLInputElement>('input[type="password"]');
  if (!field) throw new Error('no field');
  field.value = canary;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await tick();
  document.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(document.querySelector('[data-taken="i-9"]')?.textContent).toContain('dead token'));
  document.querySelector<HTMLButtonElement>('[data-do="let-go"]')?.click();
  const asking = activeState()?.deeds.asking;
  expect([asking?.deed, asking?.identity.id]).toEqual(['remove', 'i-9']);
});
