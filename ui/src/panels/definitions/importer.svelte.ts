// The definitions draft of one connection. It outlives its panel: it stays while other panels or connections are shown.
import { asProblem, call } from '../../call';
import type { ImportPlan, ImportResult, Problem, RowProgress } from '../../contract';
import type { ConnectionContext } from '../../connectionContext.svelte';
import { Ask } from '../../parts/ask.svelte';
import { plainBreaks } from './source';

/** Where the text came from. */
export interface Origin {
  kind: 'typed' | 'pasted' | 'file' | 'guide' | 'live' | 'draft';
  /** Name of the file, or of the connection a draft was copied from. */
  name?: string;
  /** Unix milliseconds. */
  at: number;
}

/** A draft before a change. */
interface Step {
  kind: 'typing' | 'fix' | 'switch' | 'source';
  text: string;
  origin: Origin | null;
  remove: string[];
}

/** What a plan was made from. */
interface Basis {
  text: string;
  remove: readonly string[];
}

/** A plan while it is sent, and afterwards. */
interface Run {
  plan: ImportPlan;
  /** State of every row that is sent, by scope. */
  rows: Map<string, RowProgress>;
  job: string;
  stopping: boolean;
  /** `null` while it runs. */
  result: ImportResult | null;
  /** Why the whole of it was refused. */
  problem: Problem | null;
  /** Unix milliseconds. */
  startedAt: number;
  endedAt: number | null;
}

let jobs = 0;

/** Milliseconds between two pictures of the progress. */
const FRAME = 50;

/** The definitions draft, its plan and its progress. */
export class Importer {
  /** The list as a text, or one definition at a time. */
  mode = $state<'list' | 'one'>('list');
  /** The source as it stands in the editor. */
  text = $state.raw('');
  /** Where it came from; `null`: nothing was chosen yet. */
  origin = $state.raw<Origin | null>(null);
  /** Scopes only at Prism that are switched to be deleted. */
  remove = $state.raw<string[]>([]);
  /** The plan that is sent, or was sent last. */
  run = $state.raw<Run | null>(null);
  /** The plan that was looked at when Prism had moved. */
  overtaken = $state.raw<ImportPlan | null>(null);
  /** The text that was replaced or discarded last; it can be brought back. */
  kept = $state.raw<{ text: string; origin: Origin } | null>(null);
  /** The last plan of this source without an error; shown while there is one. */
  readable = $state.raw<ImportPlan | null>(null);
  #steps = $state.raw<Step[]>([]);
  /** What could not be fetched or opened. */
  trouble = $state.raw<Problem | null>(null);
  /** What the plan on hand was made from. */
  #basis = $state.raw<Basis | null>(null);
  #reported: RowProgress[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The plan against live. */
  readonly plan = new Ask('plan_import');
  /** What is live now. */
  readonly live = new Ask('plan_import');

  constructor(readonly at: ConnectionContext) {}

  /** Whether the plan on hand was made from what stands in the editor. */
  fresh: boolean = $derived(
    this.#basis !== null &&
      this.plan.problem === null &&
      this.#basis.text === this.text &&
      this.#basis.remove === this.remove,
  );
  /** Whether anything is on its way to Prism. */
  applying: boolean = $derived(this.run !== null && this.run.endedAt === null);
  /** The plan to be looked at. */
  shown: ImportPlan | null = $derived(this.run?.plan ?? this.plan.reply);
  /** How many rows would be sent. */
  count: number = $derived.by(() => {
    const plan = this.plan.reply;
    return plan && this.origin ? plan.counts.create + plan.counts.update + plan.counts.delete : 0;
  });

  /** Whether there is a text a person would miss: one that is the same as what is live is no draft. */
  get drafted(): boolean {
    const { fresh, plan } = this;
    const equal = fresh && plan.reply !== null && !plan.reply.blocked && this.count === 0;
    return this.origin !== null && this.text.trim() !== '' && !equal;
  }

  /** Whether this draft already is the other one. */
  holds(other: Importer): boolean {
    return !other.drafted || this.text === other.text;
  }

  /** Copies the draft of another connection; what was here can be restored. Switches to delete are not copied. */
  copy(other: Importer): void {
    if (other.drafted) this.take(other.text, { kind: 'draft', name: other.at.connection?.name ?? '', at: Date.now() });
  }

  /** Keeps the text of another draft, to be restored; shows nothing of it. */
  keep(other: Importer): void {
    if (other.drafted && other.origin) this.kept = { text: other.text, origin: other.origin };
  }

  /** Whether there is a change of the draft to undo. */
  canUndo: boolean = $derived(this.#steps.length > 0 && !this.applying);

  /** Undoes the last change of the draft: a fix, a switch, another source, or what was typed since. */
  undo(): void {
    const last = this.#steps.at(-1);
    if (!last || this.applying) return;
    this.#steps = this.#steps.slice(0, -1);
    this.text = last.text;
    this.origin = last.origin;
    this.remove = last.remove;
    if (!last.origin) this.plan.clear();
    this.dismiss();
  }

  #step(kind: Step['kind']): void {
    if (kind === 'typing' && this.#steps.at(-1)?.kind === 'typing') return;
    this.#steps = [...this.#steps.slice(-19), { kind, text: this.text, origin: this.origin, remove: this.remove }];
  }

  /** Takes a text over as the source. */
  take(text: string, origin: Origin): void {
    this.#step('source');
    this.readable = null;
    if (this.origin && this.text.trim() !== '' && this.text !== text) this.kept = { text: this.text, origin: this.origin };
    this.text = plainBreaks(text);
    this.origin = origin;
    this.remove = [];
    this.trouble = null;
    this.dismiss();
  }

  /** Takes a keystroke over. */
  edit(text: string, pasted: boolean, kind: 'typing' | 'fix' = 'typing'): void {
    this.#step(kind);
    this.text = plainBreaks(text);
    if (pasted || !this.origin) this.origin = { kind: pasted ? 'pasted' : 'typed', at: Date.now() };
    this.dismiss();
  }

  /** Back to the choice of a source. */
  reset(): void {
    this.take('', { kind: 'typed', at: 0 });
    this.origin = null;
    this.plan.clear();
    this.#basis = null;
  }

  /** Brings the text back that was replaced or discarded; the one that is there now is kept in its place. */
  restore(): void {
    const kept = this.kept;
    this.kept = null;
    if (kept) this.take(kept.text, kept.origin);
  }

  /** Switches deleting of a scope that is only at Prism. */
  toggleRemove(scope: string, on: boolean): void {
    this.#step('switch');
    this.remove = on ? [...this.remove, scope] : this.remove.filter((one) => one !== scope);
    this.dismiss();
  }

  /** Puts the last result away. */
  dismiss(): void {
    if (!this.applying) this.run = null;
    this.overtaken = null;
  }

  /** Fetches the provider's own list, or what is live, as the source. */
  async fetch(kind: 'guide' | 'live'): Promise<void> {
    const connection = kind === 'live' ? this.at.id : null;
    try {
      const file = await call('export_definitions', { connection }, { asksVault: true });
      this.take(file.text, { kind, at: Date.now() });
    } catch (error) {
      this.trouble = asProblem(error);
    }
  }

  /** Plans what stands in the editor. */
  async replan(): Promise<void> {
    if (!this.origin) return;
    const basis = { text: this.text, remove: this.remove };
    const reply = await this.plan.run({ connection: this.at.id, text: basis.text, delete: [...basis.remove] });
    if (!reply) return;
    this.#basis = basis;
    if (!reply.problems.some((one) => one.severity === 'refused')) this.readable = reply;
  }

  /** Sends the plan that is looked at. */
  async apply(): Promise<void> {
    const plan = this.plan.reply;
    const basis = this.#basis;
    if (!plan || !basis || !this.fresh || this.applying || plan.blocked || this.at.readOnly) return;
    const job = `import-${++jobs}`;
    const rows = new Map<string, RowProgress>();
    for (const { scope, action } of plan.rows) {
      if (action !== 'unchanged' && action !== 'only_at_prism') rows.set(scope, { scope, action, state: 'waiting', problem: null });
    }
    this.overtaken = null;
    this.#set({ plan, rows, job, stopping: false, result: null, problem: null, startedAt: Date.now(), endedAt: null });
    const args = { connection: this.at.id, text: basis.text, delete: [...basis.remove], base: plan.base };
    try {
      const result = await call('apply_import', args, { asksVault: true, job, onProgress: (row) => this.#report(row) });
      this.#show();
      for (const row of result.rows) rows.set(row.scope, row);
      // Another map, not the first one again: for a view that has not drawn in between nothing would have changed.
      this.#finish({ result, rows: new Map(rows) });
      // A delete that is done must not be done again when the scope comes back one day.
      this.remove = this.remove.filter((scope) => rows.get(scope)?.state !== 'verified');
    } catch (error) {
      await this.#refused(asProblem(error), plan);
    }
    this.at.wrote();
  }

  /** Stops after the request in flight. */
  async stop(): Promise<void> {
    if (!this.run || !this.applying || this.run.stopping) return;
    this.#set({ ...this.run, stopping: true });
    await call('cancel_job', { job: this.run.job }).catch(() => undefined);
  }

  async #refused(problem: Problem, looked: ImportPlan): Promise<void> {
    if (problem.code !== 'stale_plan' && !problem.code.endsWith('.stale_plan')) {
      this.#finish({ problem });
      return;
    }
    this.run = null;
    this.at.applying = null;
    await this.replan();
    this.overtaken = looked;
  }

  #report(row: RowProgress): void {
    this.#reported.push(row);
    this.#timer ??= setTimeout(() => this.#show(), FRAME);
  }

  /** Thousands of reports a second become a few pictures. */
  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const news = this.#reported.splice(0);
    if (!this.run || !news.length) return;
    const rows = new Map(this.run.rows);
    for (const row of news) rows.set(row.scope, row);
    this.#set({ ...this.run, rows });
  }

  #finish(end: Partial<Run>): void {
    if (this.run) this.run = { ...this.run, ...end, endedAt: Date.now() };
    this.at.applying = null;
  }

  #set(run: Run): void {
    this.run = run;
    const done = [...run.rows.values()].filter((row) => row.state !== 'waiting' && row.state !== 'sending').length;
    this.at.applying = { panel: 'definitions', done, total: run.rows.size };
  }
}
