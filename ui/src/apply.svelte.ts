// A plan while it is applied, and afterwards: definitions and access rules alike.
import type { Args, Reply, Report } from './call';
import type { ConnectionContext } from './connectionContext.svelte';
import type { Problem, RowState } from './contract';
import { Request } from './request.svelte';
import type { Panel } from './workspace.svelte';

/** Milliseconds between two pictures of the progress: thousands of reports a second become a few. */
const FRAME = 50;

type Applies = 'apply_import' | 'apply_rules';

/** What is applied. */
export interface ApplyPlan<K extends Applies, P> {
  panel: Panel;
  operation: K;
  /** The plan that was looked at. */
  plan: P;
  /** Every row that is sent. */
  rows: readonly Report<K>[];
  /** What tells a row from every other one. */
  key: (row: Report<K>) => string;
}

/** Whether a row needs nothing more. */
function over({ state }: { state: RowState }): boolean {
  return state !== 'waiting' && state !== 'sending';
}

/** One plan that is applied. */
export class ApplyRun<K extends Applies, P> {
  /** The plan that was looked at. */
  readonly plan: P;
  /** State of every row that is sent. */
  rows = $state.raw<ReadonlyMap<string, Report<K>>>(new Map());
  /** Unix milliseconds. */
  readonly startedAt = Date.now();
  /** Unix milliseconds; `null` while it runs. */
  endedAt = $state<number | null>(null);
  readonly #request: Request<K>;
  #reported: Report<K>[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly at: ConnectionContext,
    readonly what: ApplyPlan<K, P>,
  ) {
    this.plan = what.plan;
    this.#request = new Request(what.operation, { writes: true });
    this.#take(what.rows);
  }

  /** The result; `null` while it runs, and where the whole of it was refused. */
  get result(): Reply<K> | null {
    return this.#request.reply;
  }

  /** Why the whole of it was refused. */
  get problem(): Problem | null {
    return this.#request.problem;
  }

  /** Whether it was refused because the server changed since the plan was made. */
  get stale(): boolean {
    return this.problem?.code === 'stale_plan';
  }

  /** Whether a person stopped it. */
  get stopping(): boolean {
    return this.#request.stopping;
  }

  /** The rows that are over: answered, refused or not sent. */
  get done(): number {
    return [...this.rows.values()].filter(over).length;
  }

  /** Applies it. Returns `null` when the whole of it was refused. */
  async start(args: Args<K>): Promise<Reply<K> | null> {
    const reply = await this.#request.run(args, (row) => this.#report(row));
    this.#show();
    // Another map, not the first one again: for a view that has not drawn in between nothing would have changed.
    if (reply) this.#take(reply.rows as readonly Report<K>[]);
    this.endedAt = Date.now();
    this.at.applying = null;
    return reply;
  }

  /** Stops it after the request in flight. */
  async stop(): Promise<void> {
    await this.#request.stop();
  }

  #report(row: Report<K>): void {
    this.#reported.push(row);
    this.#timer ??= setTimeout(() => this.#show(), FRAME);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const news = this.#reported.splice(0);
    if (news.length) this.#take(news);
  }

  #take(news: readonly Report<K>[]): void {
    const rows = new Map(this.rows);
    for (const row of news) rows.set(this.what.key(row), row);
    this.rows = rows;
    this.at.applying = { panel: this.what.panel, done: this.done, total: rows.size };
  }
}
