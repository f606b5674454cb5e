// The clients a connection is known to have, for choosing one: its consumers as far as they can be read, and those of its identities.
import type { ConnectionContext } from '../../connectionContext.svelte';
import { Ask } from '../../parts/ask.svelte';

/** One client to choose. */
export interface Client {
  id: string;
  name: string;
}

/** Reads the consumers of a connection; what cannot be read is simply not offered, an id can always be typed. */
export class Clients {
  #catalog = new Ask('open_catalog');

  constructor(readonly at: ConnectionContext) {}

  /** Whether they are being read. */
  get busy(): boolean {
    return this.#catalog.busy;
  }

  /** Reads them once. */
  async read(): Promise<void> {
    if (!this.#catalog.reply && !this.#catalog.busy) await this.#catalog.run({ connection: this.at.id });
  }

  /** All that are known, each once, by name. */
  all(): Client[] {
    const all = new Map<string, string>();
    for (const one of this.at.connection?.identities ?? []) if (one.client_id) all.set(one.client_id, one.client_name ?? one.client_id);
    for (const one of this.#catalog.reply?.consumers ?? []) all.set(one.client_id, one.name);
    return [...all].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
  }
}
