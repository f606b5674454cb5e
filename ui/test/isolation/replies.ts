// What every operation is answered with, and what is done before one.
import type { ConnectionState } from '../../src/connectionState.svelte';
import type { Catalog, Identity, RuleView } from '../../src/contract';
import { workspace } from '../../src/workspace.svelte';
import { connectionOf, identityOf } from '../given';

/** Stands in every answer of the first connection; must be seen nowhere at the second. */
export const mark = 'from-alpha';

/** Replies by operation. */
export type Replies = Record<string, unknown>;

/** One operation that takes its time. */
export interface Case {
  /** Class and method. */
  name: string;
  /** What is there before; its requests are answered at once. */
  before?: (at: ConnectionState, hold: () => void) => unknown;
  /** Starts it at the first connection. */
  run: (at: ConnectionState) => unknown;
  /** The answers it gets, after the switch; a `Problem` where it is refused. */
  replies?: Replies | (() => Replies);
  /** What must have arrived at the first connection. Left out where nothing is kept. */
  landed?: (at: ConnectionState) => unknown;
  /** It is about every connection: all of them read the servers again. */
  everywhere?: true;
  /** It is about the connection that is shown, or about the list of them. */
  shown?: true;
  /** It asks nothing of the engine. */
  quiet?: true;
}

export const catalog: Catalog = {
  scopes: [{ key: 'read_todos', platform: false }],
  consumers: [{ client_id: 'prism_b', name: mark, allowed_scopes: ['app:p:read_todos'] }],
  presets: [],
  provider_client_id: 'prism_p',
  problems: [],
} as never;
export const plan = {
  rows: [{ scope: mark, action: 'create', title: '', description: '', changes: [], problems: [] }],
  counts: { create: 1, update: 0, delete: 0, unchanged: 0, only_at_prism: 0 },
  base: mark,
  blocked: null,
  acts_as: mark,
  problems: [],
};
export const built = {
  lines: [{ scope: mark }],
  count: 1,
  json: '',
  scope_string: mark,
  lints: [],
  client_id_problem: null,
  merge_problem: null,
};
export const view: RuleView = {
  rule: { id: mark, rule_type: 'app_deny', target_id: 'x', created_at: 0 },
  target_name: null,
  target_kind: 'client_id',
  change: 'kept',
  problems: [],
};
export const review = {
  rules: [view],
  consumers: [],
  people: [],
  app_mode: 'open',
  app_mode_after: 'open',
  owner_mode: 'open',
  owner_mode_after: 'open',
  warnings: [],
  limits: [],
  blocked: null,
  base: mark,
  acts_as: mark,
};
export const row = { scope: mark, action: 'create', state: 'verified', problem: null };
export const exchange = {
  method: 'GET',
  url: `http://127.0.0.1:1/${mark}`,
  request_headers: [],
  request_body: null,
  status: 403,
  response_headers: [],
  body: '',
  body_pretty: null,
  body_kind: 'json',
  body_bytes: 0,
  failure: null,
  failure_text: null,
  started_at: 0,
  elapsed_ms: 1,
  curl: '',
};
export const diagnosis = {
  status: 403,
  cause: mark,
  certainty: 'possible',
  headline: mark,
  detail: '',
  alternatives: [],
  needs: {},
  remedies: [],
  reauthorize: false,
  gates: [],
  evidence: [],
  next_obstacle: null,
  refusals: [],
};
export const subject = { ...diagnosis, index: 0, exchange };
export const opened = {
  text: mark,
  rows: [{ index: 0 }, { index: 1 }],
  titles: { cause: {}, consumer: {}, route: {}, person: {} },
  first: subject,
  problems: [],
};
export const report = { call: mark, exchange, diagnosis, asked: [], problems: [] };
export const found = {
  prism_named_by: 'person',
  prism_url: 'http://127.0.0.1:1',
  glint_url: null,
  provider_client_id: null,
  suggested_name: mark,
  suggested_environment: 'staging',
  found: [],
  problems: [],
};
export const added = connectionOf({ id: 'c', name: mark, environment: 'staging' });
export const input = { name: 'team', pick: 'team', place: 'path', required: true } as const;
export const route = {
  id: 'r',
  method: 'GET',
  path: '/r',
  group: 'todos',
  scopes: [],
  bundle: false,
  permissions: [],
  team_level: false,
  inputs: [input],
  writes: false,
  order: [],
} as const;

export const lists = (): Replies => ({ connections: workspace.connections, problems: [], version: '' });
export const withAdded = (): Replies => ({ ...lists(), connections: [...workspace.connections, added] });
export const done = { text: mark, connection: mark };
export const marked: Identity = identityOf({ id: 'i-9', label: mark });
export const me = identityOf();
export const identityReport = { identity: marked, done: true, exchange, problems: [] };
export const problem = {
  code: 'x',
  severity: 'refused',
  message: mark,
  hints: [],
  who: null,
  span: null,
  related: [],
  exchange: null,
};

/** What every case is answered with, unless it says something else. */
export const usual: Record<string, () => unknown> = {
  list_connections: lists,
  open_catalog: () => catalog,
  build_scopes: () => built,
  preview_consent: () => ({ problems: [], scopes: [mark] }),
  plan_import: () => plan,
  review_access: () => review,
  list_choices: () => ({ choices: [{ id: mark, label: mark, note: '' }], seen_by: null, problem: null }),
  open_text: () => opened,
  explain_entry: () => ({ ...subject, index: 1 }),
  read_vault: () => ({
    kind: 'memory',
    state: 'ready',
    keychain_name: '',
    keychain_problem: null,
    passphrase_exists: false,
    kept: 0,
    problems: [],
  }),
};

export async function ticked(at: ConnectionState): Promise<void> {
  await at.builder.open();
  at.builder.consumerId = 'prism_b';
  await at.builder.build();
}

export async function planned(at: ConnectionState): Promise<void> {
  at.importer.take(`[{"scope":"${mark}"}]`, { kind: 'typed', at: 1 });
  await at.importer.replan();
}

export async function staged(at: ConnectionState): Promise<void> {
  await at.rules.look();
  at.rules.stage({ rule_type: 'app_allow', target_id: mark });
  await at.rules.look();
}

export function routed(at: ConnectionState): void {
  at.session.routes = [route as never];
  at.session.routeId = 'r';
}

export async function answered(at: ConnectionState): Promise<void> {
  routed(at);
  at.session.send();
  await new Promise((resolve) => setTimeout(resolve));
}
