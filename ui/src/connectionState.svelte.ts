// The one place that holds what belongs to a connection: one state object per connection, freed with it.
import { getContext, setContext, untrack } from 'svelte';

import { ConnectionContext } from './connectionContext.svelte';
import type { Connection } from './contract';
import { Journal } from './panels/activity/journal.svelte';
import { Access } from './panels/call/access.svelte';
import { Reader } from './panels/call/diagnose.svelte';
import { CallSession } from './panels/call/session.svelte';
import { Clients } from './panels/connections/consumers.svelte';
import { CredentialForm } from './panels/connections/credential.svelte';
import { Editing } from './panels/connections/editing.svelte';
import { IdentityDeeds } from './panels/connections/identityDeeds.svelte';
import { SignInFlow } from './panels/connections/signIn.svelte';
import { Importer } from './panels/definitions/importer.svelte';
import { Single } from './panels/definitions/single.svelte';
import { Usage } from './panels/definitions/usage.svelte';
import { Rules } from './panels/rules/rules.svelte';
import { Builder } from './panels/scopes/builder.svelte';
import { owning } from './request.svelte';
import { panels, workspace, type Intent, type Panel } from './workspace.svelte';

/** Every draft, live list, staged change, history and reply of one connection. */
export class ConnectionState extends ConnectionContext {
  readonly builder = new Builder(this);
  readonly importer = new Importer(this);
  readonly single = new Single(this, this.importer);
  readonly usage = new Usage(this);
  readonly rules = new Rules(this);
  readonly session = new CallSession(this);
  readonly access = new Access(this, this.session);
  readonly reader = new Reader(this);
  readonly clients = new Clients(this);
  readonly credential = new CredentialForm(this);
  /** The same form in the Test call panel. */
  readonly callCredential = new CredentialForm(this);
  readonly deeds = new IdentityDeeds(this);
  readonly signIn = new SignInFlow(this, this.builder);
  readonly journal = new Journal(this);

  /** The connection's own fields while they are edited; `null`: they are not. */
  edit = $state.raw<Editing | null>(null);

  /** Staged changes per panel. */
  staged: Record<Panel, number> = $derived({
    connections: 0,
    scopes: 0,
    definitions: this.importer.count + (this.single.staged && this.single.changed ? 1 : 0),
    rules: this.rules.count,
    call: 0,
    activity: 0,
  });
  /** Staged changes of all panels. */
  stagedTotal: number = $derived(panels.reduce((sum, panel) => sum + this.staged[panel], 0));

  /** Whether a panel holds a draft that a person would miss. */
  drafts: { definitions: boolean; rules: boolean } = $derived({
    definitions: this.importer.drafted || this.single.drafted,
    rules: this.rules.count > 0,
  });
  /** Whether any panel holds one. */
  drafted: boolean = $derived(this.drafts.definitions || this.drafts.rules);

  /** Whether another connection's draft of a panel is the same as the one here. */
  sameDraft(panel: 'definitions' | 'rules', other: ConnectionState): boolean {
    if (panel === 'rules') return this.rules.holds(other.rules);
    return this.importer.holds(other.importer) && this.single.holds(other.single);
  }

  /** Opens the form for the connection's own fields, or keeps the one that is open. */
  startEdit(): void {
    if (this.connection) this.edit ??= new Editing(this.connection);
  }

  /** Closes every question that is open; drafts stay. */
  closeQuestions(): void {
    this.allowing = false;
    this.deeds.asking = null;
    this.session.asking = false;
  }

  /** Stops what waits for this connection. */
  release(): void {
    if (this.signIn.underWay) this.signIn.cancel();
  }
}

interface Entry {
  state: ConnectionState;
  /** The servers it is about. */
  servers: string;
  /** Frees what the state derives. */
  free: () => void;
}

const entries = new Map<string, Entry>();

const serversOf = (one: Connection | undefined): string => (one ? `${one.prism_url} ${one.glint_url ?? ''}` : '');

/** Makes a state outside whatever reads it, so that it outlives its reader. */
function made(id: string): Entry {
  let owned: ReturnType<typeof owning<ConnectionState>> | undefined;
  const free = $effect.root(() => {
    owned = owning(() => untrack(() => new ConnectionState(id)));
  });
  if (!owned) throw new Error('no state');
  const { value: state, release } = owned;
  return {
    state,
    free: () => (release(), free()),
    servers: serversOf(workspace.connections.find((one) => one.id === id)),
  };
}

/** The state of a connection; the same object until the connection is removed or gets other servers. */
export function forConnection(id: string): ConnectionState {
  const entry = entries.get(id) ?? made(id);
  entries.set(id, entry);
  return entry.state;
}

// What was read from other servers, or staged for them, does not reach the new ones; the text of a draft can be restored.
workspace.whenListed((connections) => {
  const known = new Map(connections.map((one) => [one.id, one]));
  for (const [id, { state, free, servers }] of [...entries]) {
    const now = known.get(id);
    if (now && (servers === '' || servers === serversOf(now))) continue;
    entries.delete(id);
    if (now) forConnection(id).importer.keep(state.importer);
    state.release();
    free();
  }
});

workspace.whenSwitched(() => {
  for (const { state } of entries.values()) state.closeQuestions();
});

/** The state of the connection the window shows; `null` until the connections were read. */
export function activeState(): ConnectionState | null {
  return workspace.active ? forConnection(workspace.active.id) : null;
}

/** The states of all other connections, in the order of the list. */
export function otherStates(id: string | undefined): ConnectionState[] {
  return workspace.connections.filter((one) => one.id !== id).map((one) => forConnection(one.id));
}

/** The connection at which a sign-in waits for the browser, where it is another one than this: the engine runs one at a time. */
export function signInElsewhere(id: string): Connection | null {
  return otherStates(id).find((one) => one.signIn.underWay)?.connection ?? null;
}

const key = Symbol('connection');

/** Binds a part of the window to a connection, for as long as that part exists. */
export function provideConnection(state: ConnectionState): void {
  setContext(key, state);
}

/** The context a component is mounted with to be bound to a connection. */
export function contextOf(state: ConnectionState): Map<unknown, unknown> {
  return new Map([[key, state]]);
}

/** The state of the connection the calling component is bound to. Call it while the component is made. */
export function connectionState(): ConnectionState {
  const state = getContext<ConnectionState | undefined>(key);
  if (!state) throw new Error('This component is not bound to a connection.');
  return state;
}

/** Calls `follow` with every intent a panel is opened with at this connection, once each. Call it while the component is made. */
export function watchIntent(at: () => ConnectionState | null, panel: Panel, follow: (intent: Intent) => void): void {
  $effect(() => {
    const intent = at()?.takeIntent(panel);
    if (intent) untrack(() => follow(intent));
  });
}
