// The question that is open about a connection of the list: at most one, and it names its connection.
import type { Connection, Problem } from '../../contract';
import { live } from '../../parts/live.svelte';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';

/** Something that has a form or a question of its own. */
export type Deed = 'rename' | 'duplicate' | 'remove';

class Doing {
  /** What is being done, and with which connection. */
  now = $state.raw<{ deed: Deed; connection: string } | null>(null);
  /** The request that gives a name. */
  readonly naming = new Request<'edit_connection' | 'duplicate_connection'>('edit_connection', { writes: true });
  readonly #removing = new Request('remove_connection', { writes: true });
  /** Why a connection could not be removed. */
  problem: Problem | null = $derived(this.#removing.problem);

  /** The connection it is about; `null` when nothing is being done or it is gone. */
  connection: Connection | null = $derived(workspace.connections.find((c) => c.id === this.now?.connection) ?? null);

  /** Opens the question. */
  start(deed: Deed, connection: string): void {
    this.#removing.dismiss();
    this.now = { deed, connection };
  }

  /** Puts it away. */
  end(): void {
    this.now = null;
  }

  /** Gives it another name; answers whether it has it. */
  async rename(connection: Connection, name: string): Promise<boolean> {
    const renamed = await this.naming.run({ connection: connection.id, name });
    if (!renamed) return false;
    workspace.setConnections(renamed.connections);
    live.show(workspace.words.connections.renamed(name));
    return true;
  }

  /** Makes a copy without identities and looks at it; answers whether there is one. */
  async duplicate(connection: Connection, name: string): Promise<boolean> {
    const shown = workspace.active?.id;
    const copied = await this.naming.send('duplicate_connection', { connection: connection.id, name });
    if (!copied) return false;
    workspace.showAdded(copied.connections, shown);
    live.show(workspace.words.connections.added(name));
    return true;
  }

  /** Removes it with its secrets; answers whether it is gone. */
  async remove(connection: Connection): Promise<boolean> {
    this.end();
    const removed = await this.#removing.run({ connection: connection.id });
    if (!removed) return false;
    workspace.setConnections(removed.connections);
    live.show(workspace.words.connections.removed(connection.name));
    return true;
  }
}

/** What is being done in the list of connections. */
export const doing = new Doing();
// A question about one connection does not stay open while another one is shown.
workspace.whenSwitched(() => doing.end());

/** Secrets that go with a connection. */
export function secretsOf(connection: Connection): number {
  return connection.identities.filter((i) => i.kept !== null).length;
}

/** A name for a copy that no other connection has. */
export function copyName(name: string, taken: readonly string[], word: (name: string, n: number) => string): string {
  for (let n = 1; ; n += 1) {
    const next = word(name, n);
    if (!taken.includes(next)) return next;
  }
}
