// The state of the scope builder: what is chosen, and what the engine makes of it.
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { Consumer } from '../../contract';
import { Ask } from '../../parts/ask.svelte';
import { debounce } from '../../parts/debounce';
import type { Intent } from '../../workspace.svelte';
import { change, compare, everything, presetOf, ticksOf, type Comparison, type Ticks } from './lists';

/** Everything the Scopes panel knows of one connection. */
export class Builder {
  /** What can be ticked. */
  catalog = new Ask('open_catalog');
  /** What is made of the ticks. */
  built = new Ask('build_scopes');
  /** What the user would see. */
  preview = new Ask('preview_consent');
  /** The provider's client id as typed. */
  clientId = $state('');
  /** Client id of the consumer the list is for; empty: none. */
  consumerId = $state('');
  /** What is ticked. */
  ticks = $state.raw<Ticks>({ platform: [], inner: [] });
  /** The pasted list; `null`: nothing is merged. */
  merge = $state<string | null>(null);
  /** The filter of the catalogue. */
  filter = $state('');
  /** Whether catalogue and client id are there, so that something can be prepared. */
  ready = $state(false);
  /** Whether the less used platform scopes are shown. */
  morePlatform = $state(false);

  /** Every scope of the catalogue in full: how a scope is spelled is the engine's knowledge. */
  #spelled = new Ask('build_scopes');
  #history = $state.raw<Ticks[]>([]);
  #askPreview = debounce(() => this.ask(), 500);

  constructor(readonly at: ConnectionContext) {}

  /** The consumer, if the connection lets us see it. */
  consumer: Consumer | null = $derived(this.catalog.reply?.consumers.find((c) => c.client_id === this.consumerId) ?? null);
  /** The preset that is ticked. */
  preset: string | null = $derived(presetOf(this.ticks, this.catalog.reply?.presets ?? []));
  /** How the list stands to what the consumer has registered; `null` without one. */
  comparison: Comparison | null = $derived(this.built.reply && this.consumer?.allowed_scopes ? compare(this.built.reply.lines, this.consumer.allowed_scopes) : null);
  /** Why the list must not be copied yet: an id Prism refuses, a list to keep that cannot be read or is still being read. */
  held: 'id' | 'merge' | 'building' | 'nothing' | null = $derived.by(() => {
    const built = this.built.reply;
    if (this.built.slow) return 'building';
    if (built?.merge_problem) return 'merge';
    if (built?.client_id_problem?.severity === 'refused') return 'id';
    return built?.count ? null : 'nothing';
  });
  /** Whether there is a step to take back. */
  canUndo: boolean = $derived(this.#history.length > 0);

  /** The list as it can be copied, for a sign-in to request; empty while it cannot. */
  get list(): string[] {
    return this.held === null ? (this.built.reply?.lines.map((line) => line.scope) ?? []) : [];
  }

  /** Reads the catalogue; keeps what is ticked. */
  async open(): Promise<void> {
    const catalog = await this.catalog.run({ connection: this.at.id });
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
    this.#askPreview();
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

  /** Chooses the consumer and ticks what it has registered today. */
  async chooseConsumer(id: string): Promise<void> {
    this.consumerId = id;
    const catalog = this.catalog.reply;
    const registered = this.consumer?.allowed_scopes;
    if (registered && catalog) {
      const spelled = await this.#spelled.run({ connection: this.at.id, client_id: this.clientId, ...everything(catalog), merge: null });
      if (spelled && this.consumerId === id) this.#replace(ticksOf(registered, spelled.lines.map((line) => line.scope), catalog));
    }
    this.#askPreview();
  }

  /** Takes the last change of the ticks back. */
  undo(): void {
    const last = this.#history.at(-1);
    if (!last) return;
    this.#history = this.#history.slice(0, -1);
    this.ticks = last;
  }

  /** Merges into what the consumer has registered. */
  mergeRegistered(): void {
    if (this.consumer?.allowed_scopes) this.merge = JSON.stringify(this.consumer.allowed_scopes, null, 2);
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
    this.#history = [...this.#history.slice(-49), this.ticks];
    this.ticks = next;
  }
}
