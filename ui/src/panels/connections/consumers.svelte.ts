// The clients a connection is known to have, for choosing one: its consumers as far as they can be read, and those of its identities.
import type { ConnectionContext } from '../../connectionContext.svelte';

/** One client to choose. */
export interface Client {
  id: string;
  name: string;
}

/** The clients of one connection; what cannot be read is simply not offered, an ID can always be typed. */
export class Clients {
  constructor(readonly at: ConnectionContext) {}

  /** Whether they are being read. */
  get busy(): boolean {
    return this.at.catalog.busy;
  }

  /** Reads them once. */
  async read(): Promise<void> {
    await this.at.readCatalog();
  }

  /** All that are known, each once, by name. */
  all(): Client[] {
    const all = new Map<string, string>();
    for (const one of this.at.connection?.identities ?? [])
      if (one.client_id) all.set(one.client_id, one.client_name ?? one.client_id);
    for (const one of this.at.catalog.reply?.consumers ?? []) all.set(one.client_id, one.name);
    return [...all].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
  }
}
