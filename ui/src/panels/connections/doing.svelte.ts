// The question that is open about a connection of the list: at most one, and it names its connection.
import { asProblem, call } from '../../call';
import type { Connection, Problem } from '../../contract';
import { live } from '../../parts/live.svelte';
import { workspace } from '../../workspace.svelte';

/** Something that has a form or a question of its own. */
export type Deed = 'rename' | 'duplicate' | 'remove';

class Doing {
  /** What is being done, and with which connection. */
  now = $state.raw<{ deed: Deed; connection: string } | null>(null);

  /** Why a connection could not be removed. */
  problem = $state.raw<Problem | null>(null);

  /** The connection it is about; `null` when nothing is being done or it is gone. */
  connection: Connection | null = $derived(workspace.connections.find((c) => c.id === this.now?.connection) ?? null);

  /** Opens the question. */
  start(deed: Deed, connection: string): void {
    this.problem = null;
    this.now = { deed, connection };
  }

  /** Puts it away. */
  end(): void {
    this.now = null;
  }

  /** Gives it another name. */
  async rename(connection: Connection, name: string): Promise<void> {
    workspace.setConnections((await call('edit_connection', { connection: connection.id, name }, { asksVault: true })).connections);
    live.show(workspace.words.connections.renamed(name));
  }

  /** Makes a copy without identities and looks at it. */
  async duplicate(connection: Connection, name: string): Promise<void> {
    const known = new Set(workspace.connections.map((c) => c.id));
    const shown = workspace.active?.id;
    const { connections } = await call('duplicate_connection', { connection: connection.id, name }, { asksVault: true });
    workspace.setConnections(connections);
    const copy = connections.find((c) => !known.has(c.id));
    if (copy && workspace.active?.id === shown) workspace.activate(copy.id);
    live.show(workspace.words.connections.added(name));
  }

  /** Removes it with its secrets; answers whether it is gone. */
  async remove(connection: Connection): Promise<boolean> {
    this.end();
    try {
      workspace.setConnections((await call('remove_connection', { connection: connection.id }, { asksVault: true })).connections);
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
    workspace.forgetCheck(connection.id);
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
