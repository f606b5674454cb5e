// The staged change of the access rules of one connection. It outlives its panel.
import { ApplyRun } from '../../apply.svelte';
import type {
  AccessReview,
  Effect,
  ReviewAccess,
  RowState,
  RuleDraft,
  RuleProgress,
  RulesResult,
  RuleView,
} from '../../contract';
import type { ConnectionContext } from '../../connectionContext.svelte';
import { Request } from '../../request.svelte';
import { RuleEntry } from './entry.svelte';

/** Consumers, or people. */
export type Side = 'app' | 'owner';

/** A change of the rules that is applied. */
type Run = ApplyRun<'apply_rules', AccessReview>;

/** What tells a draft from every other one. */
function draftKey(draft: RuleDraft): string {
  return `${draft.rule_type} ${draft.target_id}`;
}

/** Whether two drafts are the same rule. */
export function same(a: RuleDraft, b: RuleDraft): boolean {
  return a.rule_type === b.rule_type && a.target_id === b.target_id;
}

/** The staged rules, their effect and their progress. */
export class Rules {
  /** Rules to be added. */
  add = $state.raw<RuleDraft[]>([]);
  /** Ids of rules to be removed. */
  remove = $state.raw<string[]>([]);
  /** The change that is saved, or was saved last. */
  run = $state.raw<Run | null>(null);
  /** The review that was looked at when Prism had moved. */
  overtaken = $state.raw<AccessReview | null>(null);
  /** Client id or user id that somebody wanted to see. */
  wanted = $state<string | null>(null);
  /** The rules with their effect. */
  readonly review = new Request('review_access');
  #before = $state.raw<readonly { add: RuleDraft[]; remove: string[] }[]>([]);

  /** The rule being typed, per side. */
  readonly entries: Record<Side, RuleEntry> = { app: new RuleEntry(this, 'app'), owner: new RuleEntry(this, 'owner') };

  constructor(readonly at: ConnectionContext) {}

  #staged: ReviewAccess = $derived.by(() => ({ connection: this.at.id, add: this.add, remove: this.remove }));
  /** Whether the effect on hand is that of what is staged. */
  fresh: boolean = $derived.by(() => this.review.problem === null && this.review.answers(this.#staged));
  /** How many changes are staged. */
  count: number = $derived(this.add.length + this.remove.length);
  /** Whether anything is on its way to Prism. */
  applying: boolean = $derived(this.run !== null && this.run.endedAt === null);
  /** Consumers and people who lose what they may today. */
  losers: Effect[] = $derived(
    [...(this.review.reply?.consumers ?? []), ...(this.review.reply?.people ?? [])].filter(
      (one) => one.before.allowed && !one.after.allowed,
    ),
  );
  /** Whether whoever saves it is among them. */
  locksSelf: boolean = $derived(this.losers.some((one) => one.is_self));

  /** Live rules of one side with what is staged for them, then the staged ones. */
  rows(side: Side): RuleView[] {
    const mine = (view: RuleView) => view.rule.rule_type.startsWith(side);
    const views = this.review.reply?.rules ?? [];
    const removed = new Set(this.remove);
    const live = views
      .filter((view) => mine(view) && view.change !== 'added')
      .map((view): RuleView => ({ ...view, change: removed.has(view.rule.id) ? 'removed' : 'kept' }));
    const judged = new Map(views.filter((view) => view.change === 'added').map((view) => [draftKey(view.rule), view]));
    const added = this.add
      .filter((draft) => draft.rule_type.startsWith(side))
      .map(
        (draft): RuleView =>
          judged.get(draftKey(draft)) ?? {
            rule: { id: `draft ${draftKey(draft)}`, ...draft, created_at: null },
            target_name: null,
            target_kind: 'other',
            change: 'added',
            problems: [],
          },
      );
    return [...live, ...added];
  }

  /** Stages a rule. One that is about to be removed is kept instead. */
  stage(draft: RuleDraft): void {
    const live = this.review.reply?.rules.find((view) => view.change !== 'added' && same(view.rule, draft));
    if (live && this.remove.includes(live.rule.id))
      this.#change(
        this.add,
        this.remove.filter((id) => id !== live.rule.id),
      );
    else if (!this.add.some((one) => same(one, draft))) this.#change([...this.add, draft], this.remove);
  }

  /** The staged removals as rules: an ID means nothing at another connection. */
  get #removals(): RuleDraft[] {
    return (this.review.reply?.rules ?? [])
      .filter((view) => this.remove.includes(view.rule.id))
      .map(({ rule }) => ({ rule_type: rule.rule_type, target_id: rule.target_id }));
  }

  /** What of another connection's stage could be staged here, and how many of its removals could not. */
  #matched(other: Rules): { add: RuleDraft[]; remove: string[]; missing: number } {
    const live = (this.review.reply?.rules ?? []).filter((view) => view.change !== 'added');
    const add = other.add.filter(
      (draft) => !this.add.some((one) => same(one, draft)) && !live.some((view) => same(view.rule, draft)),
    );
    const found = other.#removals.map((draft) => live.find((view) => same(view.rule, draft))?.rule.id);
    const remove = found.filter((id) => id !== undefined);
    return {
      add,
      remove: remove.filter((id) => !this.remove.includes(id)),
      missing: other.remove.length - remove.length,
    };
  }

  /** Whether everything staged there is staged here, or has nothing to change here. */
  holds(other: Rules): boolean {
    const { add, remove } = this.#matched(other);
    return add.length === 0 && remove.length === 0;
  }

  /** Stages what is staged at another connection; can be undone. Answers how many removals have no such rule here. */
  copy(other: Rules): number {
    const { add, remove, missing } = this.#matched(other);
    if (add.length || remove.length) this.#change([...this.add, ...add], [...this.remove, ...remove]);
    return missing;
  }

  /** Stages the removal of a live rule, or takes a staged one back. */
  drop(view: RuleView): void {
    if (view.change === 'added')
      this.#change(
        this.add.filter((one) => !same(one, view.rule)),
        this.remove,
      );
    else if (view.change === 'kept') this.#change(this.add, [...this.remove, view.rule.id]);
    else
      this.#change(
        this.add,
        this.remove.filter((id) => id !== view.rule.id),
      );
  }

  /** Whether there is a change to undo; discarding everything is one, too. */
  canUndo: boolean = $derived(this.#before.length > 0 && !this.applying);

  /** Undoes the last change of what is staged. */
  undo(): void {
    const last = this.#before.at(-1);
    if (!last || this.applying) return;
    this.#before = this.#before.slice(0, -1);
    this.dismiss();
    this.add = last.add;
    this.remove = last.remove;
  }

  /** Takes everything staged back. */
  discard(): void {
    if (this.count > 0) this.#change([], []);
    this.overtaken = null;
  }

  /** Puts the last result away. */
  dismiss(): void {
    if (!this.applying) this.run = null;
  }

  /** Reads the rules, and judges what is staged. */
  async look(): Promise<void> {
    await this.review.run(this.#staged);
  }

  /** State of a rule in the run that is under way; `null` where it has none. */
  stateOf(rule: RuleDraft, change: RuleProgress['change']): RowState | null {
    return this.applying ? (this.run?.rows.get(rowKey(rowOf(rule, change)))?.state ?? null) : null;
  }

  /** Saves what is staged and was looked at. */
  async apply(): Promise<void> {
    const review = this.review.reply;
    if (!review || !this.fresh || this.applying || this.count === 0 || review.blocked || this.at.readOnly) return;
    const rows = [
      ...this.add.map((draft) => rowOf(draft, 'added')),
      ...this.#removals.map((draft) => rowOf(draft, 'removed')),
    ];
    this.overtaken = null;
    const run: Run = new ApplyRun(this.at, {
      panel: 'rules',
      operation: 'apply_rules',
      plan: review,
      rows,
      key: rowKey,
    });
    this.run = run;
    const result = await run.start({ ...this.#staged, base: review.base });
    if (result) this.#keepUndone(result);
    else if (run.stale) await this.#overtake(review);
    this.at.wrote();
  }

  /** Stops after the request in flight. */
  async stop(): Promise<void> {
    await this.run?.stop();
  }

  /** What was not done stays staged; what was done does not. */
  #keepUndone(result: RulesResult): void {
    const open = (draft: RuleDraft, change: RuleProgress['change']) =>
      result.rows.some((row) => row.change === change && same(row.draft, draft) && row.state !== 'verified');
    this.add = this.add.filter((draft) => open(draft, 'added'));
    this.remove = this.remove.filter((id) => {
      const rule = result.review.rules.find((view) => view.rule.id === id)?.rule;
      return rule !== undefined && open(rule, 'removed');
    });
    this.#before = [];
  }

  async #overtake(looked: AccessReview): Promise<void> {
    this.run = null;
    await this.look();
    const there = new Set(this.review.reply?.rules.map((view) => view.rule.id));
    if (this.remove.some((id) => !there.has(id))) this.remove = this.remove.filter((id) => there.has(id));
    this.overtaken = looked;
  }

  #change(add: RuleDraft[], remove: string[]): void {
    if (this.applying) return;
    this.#before = [...this.#before.slice(-99), { add: this.add, remove: this.remove }];
    this.dismiss();
    this.overtaken = null;
    this.add = add;
    this.remove = remove;
  }
}

/** A row before it is sent. */
function rowOf({ rule_type, target_id }: RuleDraft, change: RuleProgress['change']): RuleProgress {
  return { draft: { rule_type, target_id }, change, state: 'waiting', problem: null };
}

/** What tells a row of a run from every other one. */
function rowKey(row: RuleProgress): string {
  return `${row.change} ${draftKey(row.draft)}`;
}
