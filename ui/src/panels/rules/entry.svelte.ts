// The rule that is being typed for one side of one connection, and what a review says about it.
import type { RuleDraft, RuleView } from '../../contract';
import { same as equal } from '../../parts/same';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';
import { same, type Rules, type Side } from './rules.svelte';

/** One rule before it is staged. */
export class RuleEntry {
  /** Allow or deny. */
  kind = $state<'allow' | 'deny'>('allow');
  /** The ID or name as typed. */
  typed = $state('');
  /** The review of what was typed last. */
  readonly probe = new Request('review_access');

  constructor(
    readonly rules: Rules,
    readonly side: Side,
  ) {}

  /** The rule for a target. */
  draft(target_id: string): RuleDraft {
    return { rule_type: `${this.side}_${this.kind}`, target_id };
  }

  /** Whether the review on hand is about this rule. */
  fresh(draft: RuleDraft): boolean {
    return this.probe.reply !== null && equal(this.probe.answered?.add?.at(-1), draft);
  }

  /** What the review says about this rule; `null` while there is none. */
  view(draft: RuleDraft): RuleView | null {
    if (!this.fresh(draft)) return null;
    return this.probe.reply?.rules.filter((one) => one.change === 'added' && same(one.rule, draft)).at(-1) ?? null;
  }

  /** Asks what this rule would do, on top of what is staged. */
  async examine(draft: RuleDraft): Promise<void> {
    if (draft.target_id === '') return;
    const { add, at, remove } = this.rules;
    await this.probe.ensure({ connection: at.id, add: [...add, draft], remove: [...remove] }, [
      workspace.lang,
      at.revision,
    ]);
  }

  /** Empties it. */
  clear(): void {
    this.typed = '';
    this.probe.clear();
  }
}
