// One definition at a time: what is being typed, and what became of it.
import type { Definition, Problem } from '../../contract';
import type { ConnectionContext } from '../../connectionContext.svelte';
import { Request } from '../../request.svelte';
import type { Importer } from './importer.svelte';

/** What is about to be done to one definition. */
export interface Staged {
  kind: 'add' | 'edit' | 'delete';
  /** As it stands at Prism; `null` for a new one. */
  was: Definition | null;
  /** As typed. */
  now: Definition;
}

const blank: Definition = { scope: '', title: '', description: '' };

/** The form for one definition of one connection. */
export class Single {
  /** What is being done; `null`: nothing. */
  staged = $state.raw<Staged | null>(null);
  /** What the engine says of what is typed. */
  readonly check = new Request('check_definition');
  readonly #saving = new Request<'save_definition' | 'delete_definition'>('save_definition', { writes: true });
  /** What was done last, verified. */
  done = $state.raw<Staged | null>(null);

  constructor(
    readonly at: ConnectionContext,
    readonly importer: Importer,
  ) {}

  /** Whether what is typed differs from what is live. */
  changed: boolean = $derived.by(() => {
    const staged = this.staged;
    if (!staged) return false;
    if (staged.kind === 'delete') return true;
    const { was, now } = staged;
    return (
      now.scope.trim() !== (was?.scope ?? '') ||
      now.title.trim() !== (was?.title ?? '') ||
      now.description.trim() !== (was?.description ?? '')
    );
  });
  /** Whether the check on hand is about what is typed. */
  fresh: boolean = $derived(this.staged !== null && this.check.answers({ definition: this.staged.now }));
  /** Whether it is being sent. */
  sending: boolean = $derived(this.#saving.busy);
  /** Why it was refused. */
  problem: Problem | null = $derived(this.#saving.problem);

  /** Whether something is typed that a person would miss. */
  get drafted(): boolean {
    return this.staged !== null && this.changed;
  }

  /** Whether this form already holds what the other one does. */
  holds(other: Single): boolean {
    const [mine, theirs] = [this.staged, other.staged];
    if (!theirs || !other.changed) return true;
    return (
      (mine?.kind === 'delete') === (theirs.kind === 'delete') &&
      mine?.now.scope === theirs.now.scope &&
      mine.now.title === theirs.now.title &&
      mine.now.description === theirs.now.description
    );
  }

  /** Copies the form of another connection, against what is live here. Answers `false` where there is nothing here to delete. */
  copy(other: Single): boolean {
    const theirs = other.drafted ? other.staged : null;
    if (!theirs) return true;
    const { scope, title, description } = theirs.now;
    const row = this.importer.live.reply?.rows.find((one) => one.scope === scope.trim());
    const was = row ? { scope: row.scope, title: row.title, description: row.description } : null;
    if (theirs.kind === 'delete' && !was) return false;
    if (theirs.kind === 'delete' && was) this.remove(was);
    else this.#start({ kind: was ? 'edit' : 'add', was, now: { scope, title, description } });
    return true;
  }

  /** Starts on a new one. */
  add(): void {
    this.#start({ kind: 'add', was: null, now: blank });
  }

  /** Starts on one that is live. */
  edit(definition: Definition): void {
    this.#start({ kind: 'edit', was: definition, now: definition });
  }

  /** Asks about deleting one. */
  remove(definition: Definition): void {
    this.#start({ kind: 'delete', was: definition, now: definition });
  }

  /** Takes a keystroke over. */
  type(field: keyof Definition, value: string): void {
    if (!this.staged) return;
    this.staged = { ...this.staged, now: { ...this.staged.now, [field]: value } };
    this.#saving.dismiss();
  }

  /** Puts it away. */
  cancel(): void {
    this.staged = null;
    this.#saving.dismiss();
    this.check.clear();
  }

  /** Asks what Prism would refuse. */
  async examine(): Promise<void> {
    const now = this.staged?.now;
    if (!now || this.staged?.kind === 'delete') return;
    await this.check.run({ definition: now });
  }

  /** Sends it; it is read back by the engine. */
  async send(): Promise<boolean> {
    const connection = this.at.id;
    const staged = this.staged;
    if (!staged || this.sending || this.at.readOnly) return false;
    const saved =
      staged.kind === 'delete'
        ? await this.#saving.send('delete_definition', { connection, scope: staged.now.scope })
        : await this.#saving.send('save_definition', { connection, definition: staged.now });
    if (saved) {
      this.done = staged;
      if (this.staged === staged) this.cancel();
    }
    this.importer.dismiss();
    this.at.wrote();
    return saved !== null;
  }

  #start(staged: Staged): void {
    this.cancel();
    this.done = null;
    this.staged = staged;
    this.importer.mode = 'one';
  }
}
