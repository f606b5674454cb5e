// What is the same at every connection and only told in another language: the reason codes.
import type { ReasonEntry } from './contract';
import { Request } from './request.svelte';
import { workspace } from './workspace.svelte';

class Reference {
  readonly listReasons = new Request('list_reasons');
  /** Every reason code with its meaning. */
  reasons: ReasonEntry[] = $derived(this.listReasons.reply?.reasons ?? []);

  /** Reads the reason codes, once per language. */
  async readReasons(): Promise<void> {
    await this.listReasons.ensure({}, workspace.lang);
  }
}

/** The one reference of the window. */
export const reference = new Reference();
