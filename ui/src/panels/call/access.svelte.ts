// Who may do what at one connection: every call of one identity, and one call of many. Leaving the panel keeps it.
import { asProblem, call } from '../../call';
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { AccessRow, Choice, Compared, Matrix, Problem } from '../../contract';
import { workspace } from '../../workspace.svelte';
import type { CallSession } from './session.svelte';

/** Something that takes a while, and what became of it. */
class Asking {
  busy = $state(false);
  slow = $state(false);
  problem = $state.raw<Problem | null>(null);
  #job = '';

  constructor(readonly at: ConnectionContext) {}

  async run<T>(name: string, ask: (job: string) => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.#job = `${name}-${Date.now()}`;
    this.busy = true;
    const timer = setTimeout(() => (this.slow = true), 300);
    try {
      const found = await ask(this.#job);
      this.problem = null;
      return found;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code !== 'cancelled') this.problem = problem;
      this.at.announce(problem.message);
      return null;
    } finally {
      clearTimeout(timer);
      this.busy = false;
      this.slow = false;
    }
  }

  async stop(): Promise<void> {
    try {
      await call('cancel_job', { job: this.#job });
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Access matrix and comparison of one connection. */
export class Access {
  constructor(
    readonly at: ConnectionContext,
    readonly session: CallSession,
  ) {
    this.asking = new Asking(at);
  }

  /** Every call of one identity, or one call of many. */
  view = $state<'matrix' | 'compare'>('matrix');
  readonly asking: Asking;
  matrix = $state.raw<Matrix | null>(null);
  compared = $state.raw<Compared | null>(null);
  /** Whose matrix and whose answers are shown, and in which language. */
  of = $state.raw<{ identity: string; lang: string } | null>(null);
  team = $state('');
  set = $state('');
  teams = $state.raw<Choice[]>([]);
  sets = $state.raw<Choice[]>([]);
  filter = $state('');
  /** Row looked at, as `rowKey` names it. */
  chosen = $state<string | null>(null);
  /** Identities to compare; those that can call while nobody chose. */
  #picked = $state.raw<string[] | null>(null);
  /** How far the proof is. */
  step = $state.raw<{ done: number; total: number } | null>(null);

  picked: string[] = $derived.by(() => this.#picked?.filter((id) => this.session.identities.some((one) => one.id === id)) ?? this.session.identities.filter((one) => one.kind === 'access_token').slice(0, most).map((one) => one.id));
  rows: AccessRow[] = $derived(this.matrix?.rows.filter((row) => fitsRow(row, this.filter)) ?? []);
  row: AccessRow | null = $derived(this.rows.find((row) => rowKey(row) === this.chosen) ?? null);

  toggle(id: string): void {
    this.#picked = this.picked.includes(id) ? this.picked.filter((one) => one !== id) : [...this.picked, id];
  }

  /** Another identity: what was picked for the last one is unknown to it. */
  enter(): void {
    const key = this.session.identity?.id ?? '';
    if (key === this.#entered) return;
    this.#entered = key;
    this.team = '';
    this.set = '';
    this.teams = [];
    this.sets = [];
    void this.readTeams();
  }
  #entered: string | null = null;

  async readTeams(): Promise<void> {
    this.teams = await this.#choices('team', null);
  }

  async chooseTeam(team: string): Promise<void> {
    this.team = team;
    this.set = '';
    this.sets = team ? await this.#choices('set', team) : [];
  }

  async #choices(pick: 'team' | 'set', team: string | null): Promise<Choice[]> {
    const { connection, identity } = this.session;
    if (!connection || !identity) return [];
    try {
      const found = await call('list_choices', { connection: connection.id, identity: identity.id, pick, team, set: null, todo: null });
      return this.session.identity?.id === identity.id ? found.choices : [];
    } catch {
      // A value can be typed all the same.
      return [];
    }
  }

  async foretell(prove: boolean): Promise<void> {
    const { connection, identity } = this.session;
    if (!connection || !identity) return;
    const { lang } = workspace;
    const args = { connection: connection.id, identity: identity.id, team: this.team || null, set: this.set || null, prove };
    this.step = null;
    const found = await this.asking.run('matrix', (job) => call('access_matrix', args, { asksVault: true, job, onProgress: (step) => (this.step = step) }));
    if (!found) return;
    this.matrix = found;
    this.of = { identity: identity.id, lang };
    const w = workspace.words.call.access;
    this.at.announce(w.counted(count(found.rows, 'allowed'), count(found.rows, 'denied'), found.differ));
  }

  async compare(): Promise<void> {
    const { connection, route } = this.session;
    if (!connection || !route) return;
    const values = $state.snapshot(this.session.wire.values) as Record<string, unknown>;
    const args = { connection: connection.id, route: route.id, values, identities: this.picked };
    const found = await this.asking.run('compare', (job) => call('compare_calls', args, { asksVault: true, job }));
    if (found) this.compared = found;
  }

  async save(format: 'csv' | 'json'): Promise<string | null> {
    if (!this.matrix) return null;
    const { id } = this.matrix;
    const saved = await this.asking.run('save', () => call('save_matrix', { matrix: id, format, save: true }));
    return saved?.path ?? null;
  }
}

/** The most identities of one comparison. */
export const most = 24;

/** Names a row. */
export function rowKey(row: AccessRow): string {
  return row.field ? `${row.route} ${row.field}` : row.route;
}

/** How many rows come to this. */
export function count(rows: AccessRow[], access: AccessRow['access']): number {
  return rows.filter((row) => row.access === access).length;
}

/** Whether every word of the filter stands somewhere in the row. */
export function fitsRow(row: AccessRow, filter: string): boolean {
  const text = [row.route, row.field, row.path, row.cause, row.access, row.gate, ...(row.needs.scopes ?? []), row.needs.permission].join(' ').toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** The columns of the table: a gate of the server, and what stands in a row for it. */
export const columns = ['token', 'scope', 'membership', 'resource', 'role'] as const;

/** What became of a row at a column; the header belongs to the token. `null`: this call is not asked there. */
export function at(row: AccessRow, column: (typeof columns)[number]): AccessRow['gates'][number] | null {
  const gate = row.gates.find((one) => one.id === column) ?? null;
  const header = column === 'token' ? row.gates.find((one) => one.id === 'header' && one.state === 'failed') : undefined;
  return header ?? gate;
}
