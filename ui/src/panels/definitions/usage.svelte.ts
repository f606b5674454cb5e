// Which consumers registered a scope that is only at Prism, as far as the connection lets us see.
import { call } from '../../call';
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { Catalog } from '../../contract';
import { clip, shown } from '../../parts/text';
import { workspace } from '../../workspace.svelte';

/** More scopes than this are not looked up one by one. */
const LIMIT = 40;

/** Which consumers of one connection registered a scope. */
export class Usage {
  /** Names of the consumers, by inner scope. */
  #found = $state.raw<ReadonlyMap<string, string[]>>(new Map());
  /** Whether the registered scopes of every listed consumer could be read. */
  #whole = $state(false);
  #catalog: Promise<Catalog> | null = null;
  #turn = 0;

  constructor(readonly at: ConnectionContext) {}

  /** Looks up who registered these scopes. The full name of a scope is the engine's to spell. */
  async look(scopes: readonly string[]): Promise<void> {
    const turn = ++this.#turn;
    const connection = this.at.id;
    try {
      this.#catalog ??= call('open_catalog', { connection });
      const catalog = await this.#catalog;
      const client_id = catalog.provider_client_id;
      if (client_id === null) return;
      const found = new Map<string, string[]>();
      for (const scope of scopes.slice(0, LIMIT)) {
        const built = await call('build_scopes', { connection, client_id, platform: [], inner: [scope], merge: null });
        const full = built.lines[0]?.scope;
        if (full !== undefined) found.set(scope, catalog.consumers.filter((one) => one.allowed_scopes?.includes(full)).map((one) => one.name));
      }
      if (turn !== this.#turn) return;
      this.#whole = catalog.consumers.every((one) => one.allowed_scopes !== null);
      this.#found = found;
    } catch {
      // Without an answer nobody is named; the panel says "not known" then, and its own calls show the trouble.
      if (turn === this.#turn) this.forget();
    }
  }

  /** Forgets the catalogue, because the world may have moved. */
  forget(): void {
    this.#turn += 1;
    this.#catalog = null;
    this.#found = new Map();
  }

  /** Who registered a scope, in words; `undefined` while that is not known. */
  said(scope: string): string | undefined {
    const names = this.#found.get(scope);
    if (!names) return undefined;
    const words = workspace.words.definitions;
    if (names.length > 0) return words.registeredBy(names.map((name) => shown(clip(name, 60))));
    return this.#whole ? words.registeredByNobody : undefined;
  }
}
