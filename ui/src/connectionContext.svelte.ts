// What every state of one connection shares: which connection it is, and what the servers said about it.
import { asProblem, call } from './call';
import type { Connection, ConnectionCheck, Identity, Problem } from './contract';
import { live } from './parts/live.svelte';
import { clip, shown } from './parts/text';
import { workspace, type Applying, type Intent, type Panel } from './workspace.svelte';

/** One connection as its own states see it. It is bound when it is made and never becomes another one. */
export class ConnectionContext {
  /** The write that runs at this connection, if one does. */
  applying = $state.raw<Applying | null>(null);
  /** Whether the question that allows changes is open. */
  allowing = $state(false);
  #wrote = $state(0);

  /** `id` is the connection's ID. */
  constructor(readonly id: string) {}

  /** The connection as it is saved now; `null` once it was removed. */
  connection: Connection | null = $derived.by(() => workspace.connections.find((one) => one.id === this.id) ?? null);
  /** The identity that administration uses. */
  admin: Identity | null = $derived(this.connection?.identities.find((one) => one.id === this.connection?.admin_identity) ?? null);
  /** What both servers said last. */
  check: ConnectionCheck | null = $derived.by(() => workspace.checks[this.id]?.check ?? null);
  /** Why the servers could not be asked. */
  checkProblem: Problem | null = $derived.by(() => workspace.checks[this.id]?.problem ?? null);
  /** When the servers were asked, Unix milliseconds. */
  checkedAt: number | null = $derived.by(() => workspace.checks[this.id]?.at ?? null);
  /** Whether changes of its servers are refused. */
  readOnly: boolean = $derived(this.connection?.read_only ?? false);
  /** Why a write is off; `null` while changes are allowed. */
  readOnlyReason: string | null = $derived(this.readOnly ? workspace.words.readOnly.reason : null);
  /** Whether this is the connection the window shows. */
  active: boolean = $derived.by(() => workspace.active?.id === this.id);
  /** Increases with every write that finished here; panels that show live data read it to ask again. */
  revision: number = $derived(this.#wrote + workspace.revision);

  /** Call it after every finished write: the panels of this connection read the servers again. */
  wrote(): void {
    this.#wrote += 1;
  }

  /** Makes it read-only, or allows changes. Returns whether it is so now. */
  async setReadOnly(read_only: boolean): Promise<boolean> {
    try {
      workspace.setConnections((await call('edit_connection', { connection: this.id, read_only }, { asksVault: true })).connections);
      return true;
    } catch (error) {
      this.show(asProblem(error).message);
      return false;
    }
  }

  /** Returns what a panel of this connection was opened for, once. Call it in an `$effect`. */
  takeIntent(panel: Panel): Intent | null {
    return workspace.takeIntent(panel, this.id);
  }

  /** Announces a sentence to screen readers, unless another connection is shown. */
  announce(text: string): void {
    if (this.active) live.announce(text);
  }

  /** Shows a toast; while another connection is shown, the toast names this one. */
  show(text: string): void {
    const name = this.connection?.name;
    if (this.active || name === undefined) live.show(text);
    else live.show(workspace.words.shell.at(clip(shown(name), 40), text));
  }
}
