// The form that adds a credential to one connection: what is chosen, and the result. The secret itself is never held.
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { CredentialKind, Identity, Problem } from '../../contract';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';

/** What is known about a credential beside its secret. */
export class CredentialForm {
  /** What to call the identity; empty: the server's name. */
  label = $state('');
  /** Its kind as chosen; empty: found out by the engine. */
  kind = $state<CredentialKind | ''>('');
  /** The client a secret belongs to, or an access token was issued to; `null`: not chosen yet. */
  client = $state<string | null>(null);
  /** The client an access token is used for; empty: any. */
  usedFor = $state('');
  readonly #adding = new Request('add_identity', { writes: true, secret: true });
  /** Whether it is being added. */
  busy: boolean = $derived(this.#adding.busy);
  /** Why it was refused. */
  problem: Problem | null = $derived(this.#adding.problem);
  /** What is odd about the one that was added. */
  odd = $state.raw<Problem[]>([]);
  /** The identity that was added although something is odd about it. */
  added = $state.raw<Identity | null>(null);

  constructor(readonly at: ConnectionContext) {}

  /** Adds it to the connection this form belongs to. Returns the identity, or `null` when it was refused. */
  async add(secret: string, kind: CredentialKind | null, usedFor: string | null = null): Promise<Identity | null> {
    if (this.busy) return null;
    this.clear();
    const added = await this.#adding.run({
      connection: this.at.id,
      label: this.label.trim() || null,
      secret,
      kind,
      used_for: usedFor,
    });
    if (!added) return null;
    this.odd = added.problems;
    this.added = added.problems.length ? added.identity : null;
    this.label = '';
    await workspace.reload();
    return added.identity;
  }

  /** Forgets the last result. */
  clear(): void {
    this.added = null;
    this.#adding.dismiss();
    this.odd = [];
  }
}
