// What the palette can find: things to do, scopes, consumers, routes, identities, history.
import { activeState, type ConnectionState } from '../connectionState.svelte';
import type { ActivityEntry, Catalog, CatalogScope, ReasonEntry, Route } from '../contract';
import { shortPath } from '../panels/call/routes';
import { hostOf, kindIcon } from '../parts/identity';
import type { IconName } from '../parts/icons';
import { fits } from '../parts/text';
import { reference } from '../reference.svelte';
import { tour } from '../tour.svelte';
import { vault } from '../vault.svelte';
import { panels, workspace, type Panel } from '../workspace.svelte';

/** One line of the palette. */
export interface Item {
  group: string;
  icon: IconName;
  /** Main words; monospace with `code`. */
  text: string;
  code?: boolean;
  /** Beside them, in grey. */
  note?: string;
  /** Found by, but not shown. */
  also?: string;
  /** At the right end. */
  end?: string;
  /** Opens or changes something of the window; never sends anything that writes. */
  run: () => void;
}

const icons: Record<Panel, IconName> = {
  connections: 'plug',
  scopes: 'scopes',
  definitions: 'defs',
  rules: 'rules',
  call: 'call',
  activity: 'act',
};

/** What the palette searches, at the connection that was shown when it opened. */
export class Sources {
  readonly at: ConnectionState | null = activeState();
  catalog: Catalog | null = $derived(this.at?.catalog.reply ?? null);
  history: ActivityEntry[] = $derived(this.at?.journal.entries ?? []);
  routes: Route[] = $derived(this.at?.session.routes ?? []);
  reasons: ReasonEntry[] = $derived(reference.reasons);

  /** Reads everything the palette searches, as far as it is not known; what cannot be read is simply not found. */
  async read(): Promise<void> {
    await Promise.all([
      this.at?.readCatalog(),
      this.at?.journal.look(),
      this.at?.session.readRoutes(),
      reference.readReasons(),
    ]);
  }
}

function actions(): Item[] {
  const words = workspace.words.shell;
  const group = words.palette.do;
  const open = panels.map((panel, index): Item => ({
    group,
    icon: icons[panel],
    text: words.palette.go(words.panels[panel]),
    end: String(index + 1),
    run: () => workspace.openPanel(panel),
  }));
  const others = workspace.connections.filter((c) => c.id !== workspace.active?.id);
  const close = () => (workspace.paletteOpen = false);
  return [
    ...open,
    ...others.map((c): Item => ({
      group,
      icon: 'server',
      text: words.palette.switchTo(c.name),
      end: hostOf(c),
      run: () => (close(), workspace.activate(c.id)),
    })),
    { group, icon: 'info', text: words.palette.diagnose, run: () => workspace.openPanel('call', { kind: 'diagnose' }) },
    { group, icon: 'file', text: words.palette.lookUp, run: () => workspace.openReasons() },
    {
      group,
      icon: 'plus',
      text: words.palette.add,
      run: () => workspace.openPanel('connections', { kind: 'add_connection' }),
    },
    {
      group,
      icon: 'clip',
      text: words.palette.paste,
      run: () => workspace.openPanel('connections', { kind: 'paste_credential' }),
    },
    {
      group,
      icon: 'user',
      text: words.palette.signIn,
      run: () => workspace.openPanel('connections', { kind: 'add_identity', way: 'sign_in' }),
    },
    { group, icon: 'lock', text: words.palette.vault, run: () => (close(), vault.open()) },
    { group, icon: 'file', text: workspace.words.data.title, run: () => (close(), (workspace.dataOpen = true)) },
    { group, icon: 'play', text: words.palette.tour, run: () => tour.go(0) },
    {
      group,
      icon: 'globe',
      text: words.palette.language,
      run: () => (close(), workspace.chooseLanguage(workspace.lang === 'en' ? 'zh' : 'en')),
    },
    {
      group,
      icon: 'sun',
      text: words.palette.theme,
      run: () => (close(), workspace.chooseTheme(workspace.theme === 'dark' ? 'light' : 'dark')),
    },
    { group, icon: 'keyboard', text: words.palette.keys, end: '?', run: () => (close(), (workspace.keysOpen = true)) },
  ];
}

const noPrefixes = { all: '', most: '' };

/** The provider's own scopes, then the common ones of the platform, then the rest. */
function ownFirst(scopes: readonly CatalogScope[]): CatalogScope[] {
  const rank = (s: CatalogScope) => (s.platform ? (s.common ? 1 : 2) : 0);
  return [...scopes].sort((a, b) => rank(a) - rank(b));
}

function things(sources: Sources): Item[] {
  const words = workspace.words.shell;
  const { panels: names, palette } = words;
  const active = sources.at?.active ? sources.at.connection : null;
  const identities = active?.identities ?? [];
  const catalog = active && sources.catalog;
  const known = sources.at?.session.prefixes ?? noPrefixes;
  return [
    ...ownFirst(catalog?.scopes ?? []).map((s): Item => ({
      group: palette.scopes,
      icon: 'scopes',
      text: s.key,
      code: true,
      note: s.title,
      end: names.scopes,
      run: () => workspace.openPanel('scopes', { kind: 'select_scope', scope: s.key }),
    })),
    ...(catalog?.consumers ?? []).map((c): Item => ({
      group: palette.consumers,
      icon: 'app',
      text: c.name,
      note: c.client_id,
      end: names.scopes,
      run: () => workspace.openPanel('scopes', { kind: 'select_consumer', consumer: c.client_id }),
    })),
    ...sources.routes.map((r): Item => ({
      group: palette.routes,
      icon: 'call',
      text: `${r.method} ${shortPath(r.path, known)}`,
      also: r.path,
      code: true,
      note: r.scopes.join(' '),
      end: names.call,
      run: () => workspace.openPanel('call', { kind: 'select_route', route: r.id }),
    })),
    ...identities
      .filter((i) => i.for_calls)
      .map((i): Item => ({
        group: palette.identities,
        icon: kindIcon[i.kind],
        text: i.label,
        note: i.note,
        end: names.call,
        run: () => workspace.openPanel('call', { kind: 'select_identity', identity: i.id }),
      })),
    ...sources.reasons.map((r): Item => ({
      group: words.reasons.title,
      icon: 'file',
      text: r.code,
      code: true,
      note: r.title,
      run: () => workspace.openReasons(r.code),
    })),
    ...(active ? sources.history : []).map((e): Item => ({
      group: palette.history,
      icon: 'act',
      text: e.summary.replaceAll('`', ''),
      note: e.identity,
      end: names.activity,
      run: () => workspace.openPanel('activity', { kind: 'select_entry', id: e.id }),
    })),
  ];
}

/** What fits the words typed, at most eight of a group; without words only what can be done. */
export function find(needle: string, sources: Sources): Item[] {
  const wanted = needle.trim();
  if (!wanted) return actions();
  const counts = new Map<string, number>();
  return [...actions(), ...things(sources)].filter((item) => {
    if (!fits(wanted, item.text, item.note, item.also)) return false;
    const n = (counts.get(item.group) ?? 0) + 1;
    counts.set(item.group, n);
    return n <= 8;
  });
}

/** The text in pieces, with the one that was typed marked. */
export function marked(text: string, needle: string): { text: string; hit: boolean }[] {
  const word = needle.trim().split(/\s+/)[0] ?? '';
  const at = word ? text.toLowerCase().indexOf(word.toLowerCase()) : -1;
  if (at < 0) return [{ text, hit: false }];
  return [
    { text: text.slice(0, at), hit: false },
    { text: text.slice(at, at + word.length), hit: true },
    { text: text.slice(at + word.length), hit: false },
  ].filter((piece) => piece.text !== '');
}
