// Requests to the engine as state: the newest reply, the refusal, and whether one is under way. Nothing else in the window counts turns or jobs.
import { asProblem, call, type Args, type Operation, type Reply, type Report } from './call';
import type { Problem } from './contract';
import { same } from './parts/same';

/** From this many milliseconds on, a request is `slow`: progress is worth showing. */
const SLOW_AFTER = 300;

/** How a request behaves. */
export interface RequestOptions<K extends Operation> {
  /** It changes something: no later request overtakes it, and only a person stops it. */
  writes?: boolean;
  /** A person started it: where a secret is needed, the vault's question opens. Writes always do. */
  asksVault?: boolean;
  /** The arguments hold a secret: they are not kept. */
  secret?: boolean;
  /** Gets a reply that nobody waits for any more, e.g. to close what it opened. */
  ondrop?: (reply: Reply<K>) => void;
}

let jobs = 0;
let made: { release: () => void }[] | null = null;

/** Runs `work`, and returns with its value how to cancel the reads of every request it made. */
export function owning<T>(work: () => T): { value: T; release: () => void } {
  const outer = made;
  const own: { release: () => void }[] = (made = []);
  try {
    return { value: work(), release: () => own.forEach((request) => request.release()) };
  } finally {
    made = outer;
  }
}

/**
 * One request at a time, by the arguments it was sent with. A later read overtakes an earlier one: the earlier is cancelled and its reply dropped.
 * While a new reply is awaited the old one stays, so that nothing jumps; `answers` says whether it is about the arguments on hand.
 */
export class Request<K extends Operation> {
  /** The newest reply. */
  reply = $state.raw<Reply<K> | null>(null);
  /** Why the newest request was refused. */
  problem = $state.raw<Problem | null>(null);
  /** What was reported last. */
  progress = $state.raw<Report<K> | null>(null);
  /** Whether a reply is awaited. */
  busy = $state(false);
  /** Whether it has been awaited long enough to show it. */
  slow = $state(false);
  /** Whether a person stopped the newest request. */
  stopping = $state(false);
  /** The arguments of the newest request. */
  asked = $state.raw<Args<K> | null>(null);
  /** The arguments of the reply on hand. */
  answered = $state.raw<Args<K> | null>(null);
  #job = '';
  #version: unknown = null;
  #pending: Promise<Reply<K> | null> | null = null;

  /** `operation` is what `run` runs; `send` runs any other one of `K`. */
  constructor(
    readonly operation: K,
    private readonly options: RequestOptions<K> = {},
  ) {
    made?.push(this);
  }

  /** Whether the reply on hand is the reply to these arguments. */
  answers(args: Args<K>): boolean {
    return this.reply !== null && same(this.answered, args);
  }

  /** Runs the operation. Returns `null` when it was refused or overtaken; a write that is under way refuses a second one. */
  run(args: Args<K>, onProgress?: (report: Report<K>) => void): Promise<Reply<K> | null> {
    return this.send(this.operation, args, onProgress);
  }

  /** Returns the reply to these arguments, read once per `version`: language, revision, identity. */
  async ensure(args: Args<K>, version: unknown): Promise<Reply<K> | null> {
    const known = same(this.#version, version) && same(this.asked, args);
    if (known && this.busy && this.#pending) return this.#pending;
    if (known && this.reply !== null && this.problem === null) return this.reply;
    this.#version = version;
    return (this.#pending = this.run(args));
  }

  /** Runs one of several operations. */
  async send<O extends K>(
    operation: O,
    args: Args<O>,
    onProgress?: (report: Report<O>) => void,
  ): Promise<Reply<O> | null> {
    if (this.busy && this.options.writes) return null;
    this.#abandon();
    const job = (this.#job = `${operation.replaceAll('_', '-')}-${(jobs += 1)}`);
    const current = (): boolean => job === this.#job;
    this.busy = true;
    this.stopping = false;
    this.asked = this.options.secret ? null : args;
    this.progress = null;
    const timer = setTimeout(() => current() && (this.slow = true), SLOW_AFTER);
    try {
      const reply = await call(operation, args, {
        job,
        asksVault: this.options.asksVault ?? this.options.writes ?? false,
        onProgress: (report) => {
          if (!current()) return;
          this.progress = report;
          onProgress?.(report);
        },
      });
      if (!current()) {
        this.options.ondrop?.(reply);
        return null;
      }
      this.reply = reply;
      this.answered = this.asked;
      this.problem = null;
      return reply;
    } catch (error) {
      if (current()) this.problem = asProblem(error);
      return null;
    } finally {
      clearTimeout(timer);
      if (current()) this.busy = this.slow = false;
    }
  }

  /** Stops the request under way; its reply or refusal still arrives. */
  async stop(): Promise<void> {
    if (!this.busy || this.stopping) return;
    this.stopping = true;
    await cancel(this.#job);
  }

  /** Cancels the request under way and drops its reply. What is on hand stays. */
  abandon(): void {
    this.#abandon();
    this.busy = this.slow = false;
  }

  /** Cancels a read that is under way; a write goes on. */
  release(): void {
    if (this.busy && !this.options.writes) this.abandon();
  }

  /** Forgets everything, and whatever is under way. */
  clear(): void {
    this.abandon();
    this.reply = this.problem = this.progress = this.asked = this.answered = null;
    this.#version = null;
  }

  /** Forgets the refusal. */
  dismiss(): void {
    this.problem = null;
  }

  #abandon(): void {
    if (this.busy) void cancel(this.#job);
    this.#job = '';
  }
}

/** Cancels a job; one that has ended meanwhile needs it no more. */
async function cancel(job: string): Promise<void> {
  await call('cancel_job', { job }).catch(() => undefined);
}
