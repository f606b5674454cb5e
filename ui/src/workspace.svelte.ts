// What the whole window shares: language, theme, the connections and which one is shown, the open panel.
// What belongs to one connection is in `connectionState.svelte.ts`.
import { speak } from './call';
import type { Connection, Environment, Fix, Lang, Problem } from './contract';
import { recall, remember } from './parts/storage';
import { Request } from './request.svelte';
import { catalogues, type Words } from './words';

/** The six panels, in the order of the rail and of the number keys. */
export const panels = ['connections', 'scopes', 'definitions', 'rules', 'call', 'activity'] as const;
/** One of the six panels. */
export type Panel = (typeof panels)[number];
/** The language as chosen; `system` follows the system. */
export type LangChoice = 'system' | Lang;
/** The theme as chosen; `system` follows the system. */
export type Theme = 'system' | 'light' | 'dark';

/** What a panel shall prepare when it is opened from elsewhere. It never sends anything by itself. */
export type Intent =
  | Fix
  | { kind: 'select_scope'; scope: string }
  | { kind: 'select_consumer'; consumer: string }
  | { kind: 'select_route'; route: string; identity?: string }
  | { kind: 'select_identity'; identity: string }
  | { kind: 'select_entry'; id: number }
  | { kind: 'diagnose' }
  | { kind: 'add_connection' }
  | { kind: 'paste_credential' }
  | { kind: 'add_identity'; way: 'pat' | 'client' | 'sign_in' | 'token' }
  | { kind: 'tour' };

/** How far a running write is; shown in the foot. */
export interface Applying {
  panel: Panel;
  done: number;
  total: number;
}

function systemLanguage(): Lang {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

class Workspace {
  /** Language as chosen. */
  langChoice = $state<LangChoice>(recall('lang', ['system', 'en', 'zh'], 'system'));
  /** Theme as chosen. */
  theme = $state<Theme>(recall('theme', ['system', 'light', 'dark'], 'system'));
  /** The open panel. */
  panel = $state<Panel>(recall('panel', panels, 'connections'));
  /** The panels that were opened once: they stay, so that nothing typed or staged is lost by looking elsewhere. */
  opened = $state.raw<readonly Panel[]>([this.panel]);
  /** The connections, the sandbox first; empty until they were read. */
  connections = $state.raw<Connection[]>([]);
  /** The environments whose connections are read-only until somebody chooses otherwise. */
  readOnlyEnvironments = $state.raw<readonly Environment[]>([]);
  /** The product's version. */
  version = $state('');
  readonly #listing = new Request('list_connections');
  /** Why the connections could not be read. */
  problem: Problem | null = $derived(this.#listing.problem);
  /** Whether the connections were read at least once. */
  ready = $state(false);
  /** What is wrong with the saved connections themselves. */
  storeProblems = $state.raw<Problem[]>([]);
  /** Whether the palette is open. */
  paletteOpen = $state(false);
  /** Whether the key list is open. */
  keysOpen = $state(false);
  /** The reason code the reference of reason codes is open at; empty: at its beginning; `null`: it is closed. */
  reasonsAt = $state<string | null>(null);
  /** Whether the sheet about where secrets are kept is open. */
  vaultOpen = $state(false);
  /** Whether the sheet about the files on this computer is open. */
  dataOpen = $state(false);
  /** Increases with every change that is about all connections; one connection's own revision counts its writes too. */
  revision = $state(0);

  #active = $state<string>(recall('connection', null, 'sandbox'));
  /** By panel and connection. */
  #intents = $state.raw<Readonly<Record<string, Intent>>>({});
  #listed: ((connections: readonly Connection[]) => void)[] = [];
  #switched: (() => void)[] = [];

  /** The language in force. */
  lang: Lang = $derived(this.langChoice === 'system' ? systemLanguage() : this.langChoice);
  /** All words in the language in force. */
  words: Words = $derived(catalogues[this.lang]);
  /** The active connection; `null` until the connections were read. */
  active: Connection | null = $derived(
    this.connections.find((c) => c.id === this.#active) ?? this.connections[0] ?? null,
  );
  /** Whether something stands in front of the window. */
  covered: boolean = $derived(
    this.paletteOpen || this.keysOpen || this.vaultOpen || this.dataOpen || this.reasonsAt !== null,
  );

  /** Chooses the language; every later reply is in it. */
  chooseLanguage(choice: LangChoice): void {
    this.langChoice = choice;
    remember('lang', choice);
    speak(this.lang);
  }

  /** Chooses the theme. */
  chooseTheme(theme: Theme): void {
    this.theme = theme;
    remember('theme', theme);
  }

  /** Opens a panel; with an intent the panel of the active connection prepares it and shows it. */
  openPanel(panel: Panel, intent?: Intent): void {
    if (intent) this.#intents = { ...this.#intents, [`${panel} ${this.active?.id ?? ''}`]: intent };
    this.panel = panel;
    if (!this.opened.includes(panel)) this.opened = [...this.opened, panel];
    this.paletteOpen = false;
    remember('panel', panel);
  }

  /** Opens the reference of reason codes at a code, or at its beginning. */
  openReasons(code = ''): void {
    this.paletteOpen = false;
    this.reasonsAt = code;
  }

  /** Opens the panel that can prepare a remedy. `send_again` and `choose_identity` are the caller's own affair. */
  openFix(fix: Fix): void {
    if (fix.kind === 'tick_scopes') this.openPanel('scopes', fix);
    else if (fix.kind === 'open_rules') this.openPanel('rules', fix);
    else if (fix.kind === 'open_definitions') this.openPanel('definitions', fix);
    else this.openPanel('call', fix);
  }

  /** Returns what the panel was opened for at a connection, once. Panels take it with `watchIntent`. */
  takeIntent(panel: Panel, connection: string): Intent | null {
    const key = `${panel} ${connection}`;
    const intent = this.#intents[key];
    if (!intent) return null;
    const { [key]: _taken, ...rest } = this.#intents;
    this.#intents = rest;
    return intent;
  }

  /** Adds what is called when another connection is shown. */
  whenSwitched(tell: () => void): void {
    this.#switched.push(tell);
  }

  /** Makes another connection the active one. */
  activate(id: string): void {
    const other = id !== this.active?.id;
    this.#active = id;
    if (other) for (const tell of this.#switched) tell();
    remember('connection', id);
  }

  /** Adds what is called with every new list of connections, at once. */
  whenListed(tell: (connections: readonly Connection[]) => void): void {
    this.#listed.push(tell);
  }

  /** Takes over a list of connections an operation answered. */
  setConnections(connections: Connection[]): void {
    this.connections = connections;
    this.ready = true;
    for (const tell of this.#listed) tell(connections);
  }

  /** Takes over a list with one more connection, and shows that one, unless another than `shown` is shown meanwhile. Returns it. */
  showAdded(connections: Connection[], shown: string | undefined): Connection | undefined {
    const known = new Set(this.connections.map((one) => one.id));
    this.setConnections(connections);
    const added = connections.find((one) => !known.has(one.id));
    if (added && this.active?.id === shown) this.activate(added.id);
    return added;
  }

  /** Reads the connections again. */
  async reload(): Promise<void> {
    const reply = await this.#listing.run({});
    if (!reply) return;
    this.version = reply.version;
    this.readOnlyEnvironments = reply.read_only_environments;
    this.storeProblems = reply.problems;
    this.setConnections(reply.connections);
  }

  /** Call it after a change that is about all connections: every panel reads the servers again. */
  wrote(): void {
    this.revision += 1;
  }
}

/** The one workspace of the window. */
export const workspace = new Workspace();
speak(workspace.lang);
