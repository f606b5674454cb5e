/** What the bar of a list says below its title when a job ended before everything was sent. */
import type { Problem } from '../contract';

/** `detail` after the sentence that says why the rest was not sent; a job the person stopped needs no reason. */
export function haltedDetail(halted: Problem | null, detail: string): string {
  return halted === null || halted.code === 'cancelled' ? detail : `${halted.message} ${detail}`;
}
