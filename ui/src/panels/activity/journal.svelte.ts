// The journal of one connection: what the console changed there in this run, and which entry is shown.
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { ActivityEntry } from '../../contract';
import { Request } from '../../request.svelte';
import type { Kind } from './entries';

/** The journal as one connection shows it. */
export class Journal {
  /** Everything of this run, of all connections. */
  readonly read = new Request('read_activity');
  /** The filter as typed. */
  filter = $state('');
  /** Which kind is shown. */
  kind = $state<'all' | Kind>('all');
  /** The entry that is shown; `null`: the first. */
  chosen = $state<number | null>(null);

  constructor(readonly at: ConnectionContext) {}

  /** The entries of this connection, newest first. */
  entries: ActivityEntry[] = $derived.by(() =>
    (this.read.reply?.entries ?? []).filter((one) => one.connection === this.at.connection?.name),
  );

  /** Asks again. */
  async look(): Promise<void> {
    await this.read.run({});
  }
}
