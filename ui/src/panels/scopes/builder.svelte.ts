// The state of the scope builder: what is chosen, and what the engine makes of it.
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { Catalog, Consumer } from '../../contract';
import { Request } from '../../request.svelte';
import type { Intent } from '../../workspace.svelte';
import { change, compare, everything, presetOf, ticksOf, union, type Comparison, type Ticks } from './lists';

/** What is chosen for one consumer. */
interface Draft {
  ticks: Ticks;
  /** The list to keep; `null`: nothing is merged. */
  merge: string | null;
  /** Ticks before each change, the last one last. */
  history: Ticks[];
}

const none: Draft = { ticks: { platform: [], inner: [] }, merge: null, history: [] };

function listText(scopes: readonly string[]): string {
  return JSON.stringify(scopes, null, 2);
}

/** Everything the Scopes panel knows of one connection. */
export class Builder {
  /** What is made of the ticks. */
  built = new Request('build_scopes');
  /** What the user would see. */
  preview = new Request('preview_consent');
  /** The provider's client id as typed. */
  clientId = $state('');
  /** Client id of the consumer the list is for; empty: none. */
  consumerId = $state('');
  /** What is chosen for each consumer, by client ID; empty: for none. */
  #drafts = $state.raw<Readonly<Record<string, Draft>>>({});
  /** The filter of the catalogue. */
  filter = $state('');
  /** Whether catalogue and client id are there, so that something can be prepared. */
  ready = $state(false);
  /** Whether the less used platform scopes are shown. */
  morePlatform = $state(false);

  /** Every scope of the catalogue in full: how a scope is spelled is the engine's knowledge. */
  #spelled = new Request('build_scopes');

  constructor(readonly at: ConnectionContext) {}

  /** What can be ticked. */
  get catalog(): Request<'open_catalog'> {
    return this.at.catalog;
  }

  /** The consumer, if the connection lets us see it. */
  consumer: Consumer | null = $derived.by(
    () => this.at.catalog.reply?.consumers.find((c) => c.client_id === this.consumerId) ?? null,
  );
  #draft: Draft = $derived(this.#drafts[this.consumerId] ?? none);
  /** What is ticked for the consumer that is shown. */
  ticks: Ticks = $derived(this.#draft.ticks);
  /** The preset that is ticked. */
  preset: string | null = $derived.by(() => presetOf(this.ticks, this.at.catalog.reply?.presets ?? []));
  /** How the list stands to what the consumer has registered; `null` without one. */
  comparison: Comparison | null = $derived(
    this.built.reply && this.consumer?.allowed_scopes
      ? compare(this.built.reply.lines, this.consumer.allowed_scopes)
      : null,
  );
  /** Why the list must not be copied yet: an id Prism refuses, a list to keep that cannot be read or is still being read. */
  held: 'id' | 'merge' | 'building' | 'nothing' | null = $derived.by(() => {
    const built = this.built.reply;
    if (this.built.slow) return 'building';
    if (built?.merge_problem) return 'merge';
    if (built?.client_id_problem?.severity === 'refused') return 'id';
    return built?.count ? null : 'nothing';
  });
  /** Whether there is a step to take back. */
  canUndo: boolean = $derived(this.#draft.history.length > 0);

  /** The pasted list of the consumer that is shown; `null`: nothing is merged. */
  get merge(): string | null {
    return this.#draft.merge;
  }

  set merge(merge: string | null) {
    this.#change({ merge });
  }

  /** The list as it can be copied, for a sign-in to request; empty while it cannot. */
  get list(): string[] {
    return this.held === null ? (this.built.reply?.lines.map((line) => line.scope) ?? []) : [];
  }

  /** Reads the catalogue; keeps what is ticked. */
  async open(again = false): Promise<void> {
    const catalog: Catalog | null = await this.at.readCatalog(again);
    if (!catalog) return;
    if (!this.clientId) this.clientId = catalog.provider_client_id ?? this.at.connection?.provider_client_id ?? '';
    this.ready = true;
  }

  /** Builds the list from everything chosen. */
  async build(): Promise<void> {
    const connection = this.at.id;
    const { platform, inner } = this.ticks;
    const merge = this.merge?.trim() ? this.merge : null;
    await this.built.run({ connection, client_id: this.clientId, platform, inner, merge });
  }

  /** Asks Prism what the user would see; forgets the answer where there is nothing to ask. */
  async ask(): Promise<void> {
    const scopes = this.built.reply?.lines.map((line) => line.scope) ?? [];
    const connection = this.at.id;
    if (!this.consumerId || !scopes.length || this.built.reply?.client_id_problem) return this.preview.clear();
    await this.preview.run({ connection, consumer: this.consumerId, redirect_uri: null, scopes });
  }

  /** Ticks and unticks; can be taken back. */
  set(tick: readonly string[], untick: readonly string[] = []): void {
    this.#replace(change(this.ticks, this.catalog.reply, tick, untick));
  }

  /** Ticks exactly the inner scopes of a preset. */
  choosePreset(name: string): void {
    const preset = this.catalog.reply?.presets.find((p) => p.name === name);
    if (preset) this.#replace({ platform: this.ticks.platform, inner: [...preset.scopes] });
  }

  /**
   * Shows a consumer's own ticks. The first time, what it has registered is ticked and merged, so that its list removes nothing; ticks made
   * without a consumer are added to the first one that is chosen.
   */
  async chooseConsumer(id: string): Promise<void> {
    const loose = this.consumerId === '' ? this.#drafts['']?.ticks : undefined;
    this.consumerId = id;
    if (id !== '' && !this.#drafts[id]) await this.#begin(id, loose);
  }

  async #begin(id: string, loose: Ticks | undefined): Promise<void> {
    const catalog = this.catalog.reply;
    const registered = this.consumer?.allowed_scopes;
    let ticks: Ticks = loose ?? none.ticks;
    if (registered && catalog) {
      const spelled = await this.#spelled.run({
        connection: this.at.id,
        client_id: this.clientId,
        ...everything(catalog),
        merge: null,
      });
      if (spelled)
        ticks = union(
          ticksOf(
            registered,
            spelled.lines.map((line) => line.scope),
            catalog,
          ),
          ticks,
        );
    }
    // Ticks made without a consumer are this one's now.
    const { '': _given, ...rest } = this.#drafts;
    const merge = registered?.length ? listText(registered) : null;
    const typed = this.#drafts[id];
    const own: Draft = { ticks: typed ? union(ticks, typed.ticks) : ticks, merge: typed?.merge ?? merge, history: [] };
    this.#drafts = { ...(loose ? rest : this.#drafts), [id]: own };
  }

  /** Takes the last change of the ticks back. */
  undo(): void {
    const last = this.#draft.history.at(-1);
    if (last) this.#change({ ticks: last, history: this.#draft.history.slice(0, -1) });
  }

  /** Merges into what the consumer has registered. */
  mergeRegistered(): void {
    if (this.consumer?.allowed_scopes) this.merge = listText(this.consumer.allowed_scopes);
  }

  /** Prepares what another panel asked for; answers the key to be shown, if any. */
  async take(intent: Intent): Promise<string | null> {
    if (intent.kind === 'tick_scopes') {
      if (intent.consumer && intent.consumer !== this.consumerId) await this.chooseConsumer(intent.consumer);
      this.set(intent.scopes);
      this.filter = '';
      return intent.scopes[0] ?? null;
    }
    if (intent.kind === 'select_consumer') await this.chooseConsumer(intent.consumer);
    if (intent.kind !== 'select_scope') return null;
    this.filter = '';
    return intent.scope;
  }

  #replace(next: Ticks): void {
    this.#change({ ticks: next, history: [...this.#draft.history.slice(-49), this.ticks] });
  }

  #change(part: Partial<Draft>): void {
    this.#drafts = { ...this.#drafts, [this.consumerId]: { ...this.#draft, ...part } };
  }
}
