// Which consumers registered a scope that is only at Prism, as far as the connection lets us see.
import { call } from '../../call';
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { Catalog } from '../../contract';
import { clip, shown } from '../../parts/text';
import { workspace } from '../../workspace.svelte';

/** Which consumers of one connection registered a scope. */
export class Usage {
  /** Names of the consumers, by inner scope. */
  #found = $state.raw<ReadonlyMap<string, string[]>>(new Map());
  /** Whether the registered scopes of every listed consumer could be read. */
  #whole = $state(false);
  #catalog: Promise<Catalog> | null = null;
  /** Full names, by inner scope: how a scope is spelled is the engine's knowledge. */
  #spelled = new Map<string, string>();
  #turn = 0;

  constructor(readonly at: ConnectionContext) {}

  /** Looks up who registered these scopes: one question for all names, one pass over the consumers. */
  async look(scopes: readonly string[]): Promise<void> {
    const turn = ++this.#turn;
    try {
      this.#catalog ??= call('open_catalog', { connection: this.at.id });
      const catalog = await this.#catalog;
      if (catalog.provider_client_id === null) return;
      await this.#spell(catalog.provider_client_id, scopes);
      if (turn !== this.#turn) return;
      const names = new Map<string, string[]>(scopes.map((scope) => [this.#spelled.get(scope) ?? '', []]));
      for (const one of catalog.consumers) for (const full of new Set(one.allowed_scopes)) names.get(full)?.push(one.name);
      this.#whole = catalog.consumers.every((one) => one.allowed_scopes !== null);
      this.#found = new Map(scopes.flatMap((scope) => (this.#spelled.has(scope) ? [[scope, names.get(this.#spelled.get(scope) ?? '') ?? []]] : [])));
    } catch {
      // Without an answer nobody is named; the panel says "not known" then, and its own calls show the trouble.
      if (turn === this.#turn) this.forget();
    }
  }

  async #spell(client_id: string, scopes: readonly string[]): Promise<void> {
    const inner = scopes.filter((scope) => !this.#spelled.has(scope));
    if (inner.length === 0) return;
    const { lines } = await call('build_scopes', { connection: this.at.id, client_id, platform: [], inner, merge: null });
    if (lines.length === inner.length) lines.forEach((line, index) => this.#spelled.set(inner[index] ?? '', line.scope));
  }

  /** Forgets the catalogue, because the world may have moved. */
  forget(): void {
    this.#turn += 1;
    this.#catalog = null;
    this.#spelled.clear();
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
