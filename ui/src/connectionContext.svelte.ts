// What every state of one connection shares: which connection it is, and what the servers said about it.
import type { Catalog, Connection, ConnectionCheck, Identity, Problem } from './contract';
import { live } from './parts/live.svelte';
import { clip, shown } from './parts/text';
import { Request } from './request.svelte';
import { workspace, type Applying, type Intent, type Panel } from './workspace.svelte';

/** One connection as its own states see it. It is bound when it is made and never becomes another one. */
export class ConnectionContext {
  /** The write that runs at this connection, if one does. */
  applying = $state.raw<Applying | null>(null);
  /** Whether the question that allows changes is open. */
  allowing = $state(false);
  #wrote = $state(0);
  /** Scopes, consumers and presets of this connection; every panel reads this one. */
  readonly catalog = new Request('open_catalog');
  /** What both servers are. */
  readonly checking = new Request('check_connection');
  readonly #editing = new Request('edit_connection', { writes: true });

  /** `id` is the connection's ID. */
  constructor(readonly id: string) {}

  /** The connection as it is saved now; `null` once it was removed. */
  connection: Connection | null = $derived.by(() => workspace.connections.find((one) => one.id === this.id) ?? null);
  /** The identity that administration uses. */
  admin: Identity | null = $derived(
    this.connection?.identities.find((one) => one.id === this.connection?.admin_identity) ?? null,
  );
  /** What both servers said last. */
  check: ConnectionCheck | null = $derived(this.checking.problem ? null : this.checking.reply);
  /** Why the servers could not be asked. */
  checkProblem: Problem | null = $derived(this.checking.problem);
  /** When the servers were asked, Unix milliseconds. */
  checkedAt = $state<number | null>(null);
  /** How much is wrong, as far as the servers were asked; what is only good to know does not count. */
  trouble: number = $derived(
    (this.check?.problems ?? []).filter((one) => one.severity !== 'note').length + (this.checkProblem ? 1 : 0),
  );
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

  /** Reads the catalogue: once per language, write and administering identity; `again` reads it in any case. */
  async readCatalog(again = false): Promise<Catalog | null> {
    const args = { connection: this.id };
    return again
      ? this.catalog.run(args)
      : this.catalog.ensure(args, [workspace.lang, this.revision, this.connection?.admin_identity]);
  }

  /** Asks both servers what they are. */
  async checkServers(): Promise<void> {
    await this.checking.run({ connection: this.id });
    if (!this.checking.busy) this.checkedAt = Date.now();
  }

  /** Makes it read-only, or allows changes. Returns whether it is so now. */
  async setReadOnly(read_only: boolean): Promise<boolean> {
    const saved = await this.#editing.run({ connection: this.id, read_only });
    if (saved) workspace.setConnections(saved.connections);
    else if (this.#editing.problem) this.show(this.#editing.problem.message);
    return saved !== null;
  }

  /** Returns what a panel of this connection was opened for, once. */
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
