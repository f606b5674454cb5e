// The definitions draft of one connection. It outlives its panel: it stays while other panels or connections are shown.
import { ApplyRun } from '../../apply.svelte';
import type { PlanImport, ImportPlan, Problem, RowProgress } from '../../contract';
import type { ConnectionContext } from '../../connectionContext.svelte';
import { Request } from '../../request.svelte';
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

/** A plan of definitions that is applied. */
type Run = ApplyRun<'apply_import', ImportPlan>;

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
  /** What could not be opened. */
  unopened = $state.raw<Problem | null>(null);
  /** The source that is fetched. */
  readonly source = new Request('export_definitions', { asksVault: true });
  /** The plan against live. */
  readonly plan = new Request('plan_import');
  /** What is live now. */
  readonly live = new Request('plan_import');

  constructor(readonly at: ConnectionContext) {}

  #draft: PlanImport = $derived.by(() => ({ connection: this.at.id, text: this.text, delete: this.remove }));
  /** Whether the plan on hand was made from what stands in the editor. */
  fresh: boolean = $derived(this.plan.problem === null && this.plan.answers(this.#draft));
  /** What could not be fetched or opened. */
  trouble: Problem | null = $derived(this.unopened ?? this.source.problem);
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
    if (this.origin && this.text.trim() !== '' && this.text !== text)
      this.kept = { text: this.text, origin: this.origin };
    this.text = plainBreaks(text);
    this.origin = origin;
    this.remove = [];
    this.unopened = null;
    this.source.dismiss();
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
    this.unopened = null;
    const file = await this.source.run({ connection: kind === 'live' ? this.at.id : null });
    if (file) this.take(file.text, { kind, at: Date.now() });
  }

  /** Plans what stands in the editor. */
  async replan(): Promise<void> {
    if (!this.origin) return;
    const reply = await this.plan.run(this.#draft);
    if (!reply) return;
    if (!reply.problems.some((one) => one.severity === 'refused')) this.readable = reply;
  }

  /** Reads what is live. */
  async readLive(): Promise<void> {
    await this.live.run({ connection: this.at.id, text: '', delete: [] });
  }

  /** Sends the plan that is looked at. */
  async apply(): Promise<void> {
    const plan = this.plan.reply;
    if (!plan || !this.fresh || this.applying || plan.blocked || this.at.readOnly) return;
    const rows = plan.rows.flatMap(({ scope, action }): RowProgress[] =>
      action === 'unchanged' || action === 'only_at_prism' ? [] : [{ scope, action, state: 'waiting', problem: null }],
    );
    this.overtaken = null;
    const run: Run = new ApplyRun(this.at, {
      panel: 'definitions',
      operation: 'apply_import',
      plan,
      rows,
      key: (row) => row.scope,
    });
    this.run = run;
    const result = await run.start({ ...this.#draft, base: plan.base });
    // A delete that is done must not be done again when the scope comes back one day.
    if (result) this.remove = this.remove.filter((scope) => run.rows.get(scope)?.state !== 'verified');
    else if (run.stale) await this.#overtake(plan);
    this.at.wrote();
  }

  /** Stops after the request in flight. */
  async stop(): Promise<void> {
    await this.run?.stop();
  }

  async #overtake(looked: ImportPlan): Promise<void> {
    this.run = null;
    await this.replan();
    this.overtaken = looked;
  }
}
