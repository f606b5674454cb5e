// Adding a connection from an address alone.
import type { Colour, Environment, Problem } from '../../contract';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';
import { blank, Editing, TransportDraft } from './editing.svelte';

/** Address, what was found there, and the words a person gives it. */
export class Adding {
  /** As typed. */
  address = $state('');
  /** What the address leads to. */
  discovered = new Request('discover_connection');
  /** Name to save it under. */
  name = $state('');
  /** What it is used for. */
  environment = $state<Exclude<Environment, 'sandbox'>>('production');
  /** A colour to know it by. */
  colour = $state<Colour | null>(null);
  /** How it is reached. */
  transport = $state.raw(new TransportDraft());
  /** Whether the person confirmed the Prism that only a configuration names. */
  confirmed = $state(false);
  readonly #saving = new Request('add_connection', { writes: true });
  /** Why it could not be added. */
  problem: Problem | null = $derived(this.#saving.problem);
  /** Whether it is being added. */
  busy: boolean = $derived(this.#saving.busy);
  /** What is known of a connection that is entered by hand; `null`: none is. */
  hand = $state.raw<Editing | null>(null);
  #asked = '';

  /** Opens the form for entering everything by hand, with what was typed and found. */
  byHand(): void {
    const { reply } = this.discovered;
    const typed = this.address.trim();
    this.hand = new Editing(
      blank({
        name: reply?.suggested_name ?? '',
        prism_url: reply?.prism_url ?? '',
        glint_url: reply?.glint_url ?? (typed || null),
        provider_client_id: reply?.provider_client_id ?? null,
      }),
    );
    this.putAway();
  }

  /** Looks the address up. */
  async lookUp(): Promise<void> {
    this.#asked = this.address.trim();
    this.#saving.dismiss();
    this.hand = null;
    const found = await this.discovered.run({ address: this.#asked, transport: this.transport.value() });
    if (!found) return;
    this.confirmed = false;
    this.name = found.suggested_name;
    this.environment = found.suggested_environment === 'staging' ? 'staging' : 'production';
  }

  /** Asks once more in the language of the moment; keeps the name that was typed. */
  askAgain(): void {
    if (this.#asked) void this.discovered.run({ address: this.#asked, transport: this.transport.value() });
  }

  /** Whether only a configuration names the Prism, and the person did not confirm it. */
  get unconfirmed(): boolean {
    return this.discovered.reply?.prism_named_by === 'configuration' && !this.confirmed;
  }

  /** Adds what was found and makes it the active connection; answers whether it was added. */
  async add(): Promise<boolean> {
    const found = this.discovered.reply;
    if (!found?.prism_url || this.unconfirmed) return false;
    const shown = workspace.active?.id;
    const saved = await this.#saving.run({
      name: this.name.trim(),
      environment: this.environment,
      prism_url: found.prism_url,
      prism_named_by: 'person',
      glint_url: found.glint_url,
      provider_client_id: found.provider_client_id,
      colour: this.colour,
      transport: this.transport.value(),
    });
    if (!saved) return false;
    workspace.showAdded(saved.connections, shown);
    this.discard();
    return true;
  }

  /** Closes what was found; the address stays to be looked up again. */
  putAway(): void {
    this.#asked = '';
    this.#saving.dismiss();
    this.discovered.clear();
  }

  /** Forgets the address and what was found. */
  discard(): void {
    this.address = '';
    this.colour = null;
    this.transport = new TransportDraft();
    this.putAway();
  }
}
