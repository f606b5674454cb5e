// Who may do what at one connection: every call of one identity, and one call of many. Leaving the panel keeps it.
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { AccessRow, Choice, Compared, Matrix, MatrixStep } from '../../contract';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';
import type { CallSession } from './session.svelte';

/** Access matrix and comparison of one connection. */
export class Access {
  constructor(
    readonly at: ConnectionContext,
    readonly session: CallSession,
  ) {}

  /** Every call of one identity, or one call of many. */
  view = $state<'matrix' | 'compare'>('matrix');
  readonly #predicting = new Request('access_matrix', { asksVault: true });
  readonly #comparing = new Request('compare_calls', { asksVault: true });
  readonly #saving = new Request('save_matrix', { writes: true });
  readonly #teams = new Request('list_choices');
  readonly #sets = new Request('list_choices');
  /** The request of the view that is open. */
  asking: Pick<Request<'access_matrix'>, 'busy' | 'slow' | 'problem' | 'stop'> = $derived(
    this.view === 'matrix' ? this.#predicting : this.#comparing,
  );
  matrix: Matrix | null = $derived(this.#predicting.reply);
  compared: Compared | null = $derived(this.#comparing.reply);
  team = $state('');
  set = $state('');
  teams: Choice[] = $derived(this.#teams.reply?.choices ?? []);
  sets: Choice[] = $derived(this.#sets.reply?.choices ?? []);
  filter = $state('');
  /** Row looked at, as `rowKey` names it. */
  chosen = $state<string | null>(null);
  /** Identities to compare; those that can call while nobody chose. */
  #picked = $state.raw<string[] | null>(null);
  /** How far the proof is. */
  step: MatrixStep | null = $derived(this.#predicting.progress);

  picked: string[] = $derived.by(
    () =>
      this.#picked?.filter((id) => this.session.identities.some((one) => one.id === id)) ??
      this.session.identities
        .filter((one) => one.kind === 'access_token')
        .slice(0, most)
        .map((one) => one.id),
  );
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
    this.#teams.clear();
    this.#sets.clear();
    void this.readTeams();
  }
  #entered: string | null = null;

  async readTeams(): Promise<void> {
    await this.#read(this.#teams, 'team', null);
  }

  async chooseTeam(team: string): Promise<void> {
    this.team = team;
    this.set = '';
    this.#sets.clear();
    if (team) await this.#read(this.#sets, 'set', team);
  }

  /** What cannot be read is not offered; a value can be typed all the same. */
  async #read(list: Request<'list_choices'>, pick: 'team' | 'set', team: string | null): Promise<void> {
    const { connection, identity } = this.session;
    if (connection && identity)
      await list.run({ connection: connection.id, identity: identity.id, pick, team, set: null, todo: null });
  }

  async foretell(prove: boolean): Promise<void> {
    const { connection, identity } = this.session;
    if (!connection || !identity || this.#predicting.busy) return;
    const found = await this.#predicting.run({
      connection: connection.id,
      identity: identity.id,
      team: this.team || null,
      set: this.set || null,
      prove,
    });
    if (!found) return this.#refused(this.#predicting);
    const w = workspace.words.call.access;
    this.at.announce(w.counted(count(found.rows, 'allowed'), count(found.rows, 'denied'), found.differ));
  }

  async compare(): Promise<void> {
    const { connection, route } = this.session;
    if (!connection || !route || this.#comparing.busy) return;
    const values = $state.snapshot(this.session.wire.values) as Record<string, unknown>;
    if (!(await this.#comparing.run({ connection: connection.id, route: route.id, values, identities: this.picked })))
      this.#refused(this.#comparing);
  }

  /** Saves the matrix as a file. Returns its path, or `null` when it was not saved. */
  async save(format: 'csv' | 'json'): Promise<string | null> {
    if (!this.matrix) return null;
    const saved = await this.#saving.run({ matrix: this.matrix.id, format, save: true });
    if (!saved) this.#refused(this.#saving);
    return saved?.path ?? null;
  }

  /** Announces a refusal; a request that a person stopped leaves none. */
  #refused(request: Pick<Request<'save_matrix'>, 'problem' | 'dismiss'>): void {
    if (request.problem) this.at.announce(request.problem.message);
    if (request.problem?.code === 'cancelled') request.dismiss();
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
  const text = [
    row.route,
    row.field,
    row.path,
    row.cause,
    row.access,
    row.gate,
    ...(row.needs.scopes ?? []),
    row.needs.permission,
  ]
    .join(' ')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The columns of the table: a gate of the server, and what stands in a row for it. */
export const columns = ['token', 'scope', 'membership', 'resource', 'role'] as const;

/** What became of a row at a column; the header belongs to the token. `null`: this call is not asked there. */
export function at(row: AccessRow, column: (typeof columns)[number]): AccessRow['gates'][number] | null {
  const gate = row.gates.find((one) => one.id === column) ?? null;
  const header =
    column === 'token' ? row.gates.find((one) => one.id === 'header' && one.state === 'failed') : undefined;
  return header ?? gate;
}
