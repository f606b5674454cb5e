import { createRawSnippet, flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';

import { forConnection } from '../src/connectionState.svelte';
import type { Catalog, CatalogScope, Effect } from '../src/contract';
import EffectTable from '../src/panels/rules/EffectTable.svelte';
import Catalogue from '../src/panels/scopes/Catalogue.svelte';
import Select from '../src/parts/Select.svelte';
import Virtual from '../src/parts/Virtual.svelte';
import { workspace } from '../src/workspace.svelte';
import { connectionOf } from './given';

let mounted: ReturnType<typeof mount> | null = null;
afterEach(() => {
  if (mounted) void unmount(mounted);
  document.body.innerHTML = '';
});

const nodes = () => document.body.querySelectorAll('*').length;

test(
  '10 000 scopes draw the rows in sight only, filtered or not, and the last one can be reached',
  { timeout: 60_000 },
  async () => {
    const scope = (index: number): CatalogScope => ({
      key: `scope_${index}`,
      title: `Scope ${index}`,
      description: '',
      platform: false,
      common: true,
      badges: [],
      replaced_by: [],
      in_guide: true,
      defined: true,
    });
    const catalog: Catalog = {
      provider_client_id: 'p',
      provider_name: 'Glint',
      scopes: Array.from({ length: 10_000 }, (_, index) => scope(index)),
      presets: [],
      consumers: [],
      problems: [],
    };
    workspace.setConnections([connectionOf({ id: 'long' })]);
    const { builder } = forConnection('long');
    builder.filter = '';
    const list = mount(Catalogue, { target: document.body, props: { builder, catalog } });
    mounted = list;
    flushSync();
    expect(document.querySelectorAll('[data-scope]').length).toBeGreaterThan(10);
    expect(nodes()).toBeLessThan(1500);
    builder.filter = 'scope_9';
    flushSync();
    expect(nodes()).toBeLessThan(1500);
    builder.filter = '';
    flushSync();
    await list.show('scope_9999');
    flushSync();
    expect(document.querySelector('[data-scope="scope_9999"]')).not.toBeNull();
    expect(nodes()).toBeLessThan(1500);
  },
);

test('500 consumers in an effect table and in a list to choose from', { timeout: 60_000 }, () => {
  const verdict = { allowed: true, decided_by: 'open', sentence: 'Anybody may.' };
  const effects = Array.from(
    { length: 500 },
    (_, index) =>
      ({
        id: `c${index}`,
        name: `Consumer ${index}`,
        note: '',
        before: verdict,
        after: verdict,
        changed: false,
        is_self: false,
      }) as unknown as Effect,
  );
  mounted = mount(EffectTable, {
    target: document.body,
    props: { side: 'app', effects, staged: false, wanted: null, onallow: () => undefined },
  });
  flushSync();
  expect(document.querySelector('[role="table"]')?.getAttribute('aria-rowcount')).toBe('501');
  expect(document.querySelectorAll('[data-effect]').length).toBeGreaterThan(10);
  expect(nodes()).toBeLessThan(1500);
  void unmount(mounted);
  mounted = mount(Select, {
    target: document.body,
    props: {
      label: 'Consumer',
      value: null,
      options: effects.map((one) => ({ value: String(one.id), label: String(one.name) })),
      onchange: () => undefined,
    },
  });
  flushSync();
  document.querySelector<HTMLElement>('[aria-haspopup="listbox"]')?.click();
  flushSync();
  expect(document.querySelectorAll('[role="option"]').length).toBeGreaterThan(10);
  expect(nodes()).toBeLessThan(800);
});

test('rows that turn out higher than expected are laid out once, not once for each row', async () => {
  const callbacks: { run: ResizeObserverCallback; nodes: Set<Element> }[] = [];
  vi.stubGlobal(
    'ResizeObserver',
    class {
      #mine = { run: (() => undefined) as ResizeObserverCallback, nodes: new Set<Element>() };
      constructor(run: ResizeObserverCallback) {
        this.#mine.run = run;
        callbacks.push(this.#mine);
      }
      observe(node: Element) {
        this.#mine.nodes.add(node);
      }
      unobserve(node: Element) {
        this.#mine.nodes.delete(node);
      }
      disconnect() {
        this.#mine.nodes.clear();
      }
    },
  );
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(50);
  const row = createRawSnippet((index: () => number) => ({ render: () => `<p>${index()}</p>` }));
  mounted = mount(Virtual, { target: document.body, props: { count: 500, estimate: () => 30, row } });
  flushSync();
  const all = document.querySelector<HTMLElement>('.all') as HTMLElement;
  expect(all.style.height).toBe('15000px');
  const heights = new Set<string>();
  const drawn = document.querySelectorAll('[data-at]').length;
  for (const { run, nodes } of callbacks) {
    const entries = [...nodes]
      .filter((node) => node.hasAttribute('data-at'))
      .map((target) => ({ target }) as unknown as ResizeObserverEntry);
    if (entries.length) run(entries, undefined as unknown as ResizeObserver);
    await Promise.resolve();
    flushSync();
    heights.add(all.style.height);
  }
  heights.delete('15000px');
  expect([...heights]).toEqual([`${15_000 + drawn * 20}px`]);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
