// One question to the engine whose newest answer counts.
import { asProblem, call, type Args, type Operation, type Reply } from '../call';
import type { Problem } from '../contract';

/** Below this many milliseconds no progress is shown. */
const patience = 300;

/**
 * Keeps the newest answer of one operation. A later question overtakes an earlier one: late answers are dropped.
 * While a new answer is awaited the old one stays, so that nothing jumps. It asks by itself: a locked vault is told where the answer would stand.
 */
export class Ask<K extends Operation> {
  /** The newest answer. */
  reply = $state.raw<Reply<K> | null>(null);
  /** Why the newest question was refused. */
  problem = $state.raw<Problem | null>(null);
  /** Whether an answer is awaited. */
  busy = $state(false);
  /** Whether it has been awaited long enough to show it. */
  slow = $state(false);
  #turn = 0;

  constructor(readonly operation: K) {}

  /** Asks. Answers `null` when it was refused or overtaken. */
  async run(args: Args<K>): Promise<Reply<K> | null> {
    const turn = ++this.#turn;
    this.busy = true;
    const timer = setTimeout(() => turn === this.#turn && (this.slow = true), patience);
    try {
      const reply = await call(this.operation, args);
      if (turn !== this.#turn) return null;
      this.reply = reply;
      this.problem = null;
      return reply;
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
      return null;
    } finally {
      clearTimeout(timer);
      if (turn === this.#turn) this.busy = this.slow = false;
    }
  }

  /** Forgets everything, and whatever is still under way. */
  clear(): void {
    this.#turn += 1;
    this.reply = null;
    this.problem = null;
    this.busy = this.slow = false;
  }
}
