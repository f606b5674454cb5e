// Which consumers registered a scope that is only at Prism, as far as the connection lets us see.
import type { ConnectionContext } from '../../connectionContext.svelte';
import { clip, shown } from '../../parts/text';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';

/** Which consumers of one connection registered a scope. */
export class Usage {
  /** Full names of inner scopes: how a scope is spelled is the engine's knowledge. */
  readonly #spelling = new Request('build_scopes');

  constructor(readonly at: ConnectionContext) {}

  /** Names of the consumers, by inner scope; empty while that is not known. */
  #consumers: ReadonlyMap<string, string[]> = $derived.by(() => {
    const inner = this.#spelling.answered?.inner ?? [];
    const lines = this.#spelling.reply?.lines ?? [];
    const catalog = this.at.catalog.problem ? null : this.at.catalog.reply;
    if (!catalog || lines.length !== inner.length) return new Map();
    const innerOf = new Map(lines.map((line, index) => [line.scope, inner[index] ?? '']));
    const names = new Map(inner.map((scope): [string, string[]] => [scope, []]));
    for (const one of catalog.consumers)
      for (const full of new Set(one.allowed_scopes)) names.get(innerOf.get(full) ?? '')?.push(one.name);
    return names;
  });
  /** Whether the registered scopes of every listed consumer could be read. */
  #whole: boolean = $derived.by(
    () => this.at.catalog.reply?.consumers.every((one) => one.allowed_scopes !== null) ?? false,
  );

  /** Looks up who registered these scopes: one request for all names, one pass over the consumers. */
  async look(scopes: readonly string[]): Promise<void> {
    const client_id = (await this.at.readCatalog())?.provider_client_id;
    if (client_id)
      await this.#spelling.ensure(
        { connection: this.at.id, client_id, platform: [], inner: [...scopes], merge: null },
        null,
      );
  }

  /** Who registered a scope, in words; `undefined` while that is not known. */
  said(scope: string): string | undefined {
    const names = this.#consumers.get(scope);
    if (!names) return undefined;
    const words = workspace.words.definitions;
    if (names.length > 0) return words.registeredBy(names.map((name) => shown(clip(name, 60))));
    return this.#whole ? words.registeredByNobody : undefined;
  }
}
