// Every operation of every state class, so that each can be caught while it is pending. A new one has to be added here.
import type { ConnectionState } from '../src/connectionState.svelte';
import type { Catalog, Identity, RuleView } from '../src/contract';
import { Adding } from '../src/panels/connections/adding.svelte';
import { doing } from '../src/panels/connections/doing.svelte';
import { Editing } from '../src/panels/connections/editing.svelte';
import { reference } from '../src/reference.svelte';
import { Sources } from '../src/shell/palette.svelte';
import { vault } from '../src/vault.svelte';
import { workspace } from '../src/workspace.svelte';
import { connectionOf, identityOf } from './given';

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

const catalog: Catalog = {
  scopes: [{ key: 'read_todos', platform: false }],
  consumers: [{ client_id: 'prism_b', name: mark, allowed_scopes: ['app:p:read_todos'] }],
  presets: [],
  provider_client_id: 'prism_p',
  problems: [],
} as never;
const plan = {
  rows: [{ scope: mark, action: 'create', title: '', description: '', changes: [], problems: [] }],
  counts: { create: 1, update: 0, delete: 0, unchanged: 0, only_at_prism: 0 },
  base: mark,
  blocked: null,
  acts_as: mark,
  problems: [],
};
const built = {
  lines: [{ scope: mark }],
  count: 1,
  json: '',
  scope_string: mark,
  lints: [],
  client_id_problem: null,
  merge_problem: null,
};
const view: RuleView = {
  rule: { id: mark, rule_type: 'app_deny', target_id: 'x', created_at: 0 },
  target_name: null,
  target_kind: 'client_id',
  change: 'kept',
  problems: [],
};
const review = {
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
const row = { scope: mark, action: 'create', state: 'verified', problem: null };
const exchange = {
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
const diagnosis = {
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
const subject = { ...diagnosis, index: 0, exchange };
const opened = {
  text: mark,
  rows: [{ index: 0 }, { index: 1 }],
  titles: { cause: {}, consumer: {}, route: {}, person: {} },
  first: subject,
  problems: [],
};
const report = { call: mark, exchange, diagnosis, asked: [], problems: [] };
const found = {
  prism_named_by: 'person',
  prism_url: 'http://127.0.0.1:1',
  glint_url: null,
  provider_client_id: null,
  suggested_name: mark,
  suggested_environment: 'staging',
  found: [],
  problems: [],
};
const added = connectionOf({ id: 'c', name: mark, environment: 'staging' });
const input = { name: 'team', pick: 'team', place: 'path', required: true } as const;
const route = {
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

const lists = (): Replies => ({ connections: workspace.connections, problems: [], version: '' });
const withAdded = (): Replies => ({ ...lists(), connections: [...workspace.connections, added] });
const done = { text: mark, connection: mark };
const marked: Identity = identityOf({ id: 'i-9', label: mark });
const me = identityOf();
const identityReport = { identity: marked, done: true, exchange, problems: [] };
const problem = {
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

async function ticked(at: ConnectionState): Promise<void> {
  await at.builder.open();
  at.builder.consumerId = 'prism_b';
  await at.builder.build();
}

async function planned(at: ConnectionState): Promise<void> {
  at.importer.take(`[{"scope":"${mark}"}]`, { kind: 'typed', at: 1 });
  await at.importer.replan();
}

async function staged(at: ConnectionState): Promise<void> {
  await at.rules.look();
  at.rules.stage({ rule_type: 'app_allow', target_id: mark });
  await at.rules.look();
}

function routed(at: ConnectionState): void {
  at.session.routes = [route as never];
  at.session.routeId = 'r';
}

async function answered(at: ConnectionState): Promise<void> {
  routed(at);
  at.session.send();
  await new Promise((resolve) => setTimeout(resolve));
}

const adding = (): Adding => Object.assign(new Adding(), { address: 'https://glint.example.com' });
let draft = new Adding();

/** The table. */
export const cases: Case[] = [
  {
    name: 'Request.run',
    run: (at) => at.importer.live.run({ connection: at.id, text: '', delete: [] }),
    landed: (at) => at.importer.live.reply?.base,
  },
  {
    name: 'Request.send',
    run: (at) => at.importer.live.send('plan_import', { connection: at.id, text: '', delete: [] }),
    landed: (at) => at.importer.live.reply?.base,
  },
  {
    name: 'Request.ensure',
    run: (at) => at.catalog.ensure({ connection: at.id }, 1),
    landed: (at) => at.catalog.reply?.consumers.length,
  },
  {
    name: 'Request.stop',
    before: (at, hold) => (hold(), void at.importer.readLive()),
    run: (at) => at.importer.live.stop(),
    landed: (at) => at.importer.live.stopping && at.importer.live.reply,
  },
  {
    name: 'ApplyRun.start',
    before: planned,
    run: (at) => at.importer.apply(),
    replies: { apply_import: { rows: [row], summary: mark } },
    landed: (at) => at.importer.run?.rows.size,
  },
  {
    name: 'ApplyRun.stop',
    before: async (at, hold) => (await planned(at), hold(), void at.importer.apply()),
    run: (at) => at.importer.run?.stop(),
    replies: { apply_import: { rows: [row], summary: mark } },
    landed: (at) => at.importer.run?.stopping && at.importer.run.result,
  },
  {
    name: 'Reference.readReasons',
    shown: true,
    run: () => (reference.listReasons.clear(), reference.readReasons()),
    replies: { list_reasons: { reasons: [] } },
  },
  {
    name: 'ConnectionContext.readCatalog',
    run: (at) => at.readCatalog(),
    landed: (at) => at.catalog.reply?.consumers.length,
  },
  {
    name: 'ConnectionContext.checkServers',
    run: (at) => at.checkServers(),
    replies: { check_connection: problem },
    landed: (at) => at.checkProblem,
  },
  {
    name: 'Journal.look',
    run: (at) => at.journal.look(),
    replies: { read_activity: { entries: [{ id: 1, connection: 'Alpha', summary: mark }] } },
    landed: (at) => at.journal.entries.length,
  },
  { name: 'Usage.look', run: (at) => at.usage.look([mark]), landed: (at) => at.usage.said(mark) },
  {
    name: 'Importer.fetch',
    run: (at) => at.importer.fetch('live'),
    replies: { export_definitions: { name: '', text: mark } },
    landed: (at) => at.importer.text,
  },
  { name: 'Importer.readLive', run: (at) => at.importer.readLive(), landed: (at) => at.importer.live.reply?.base },
  {
    name: 'Importer.replan',
    before: (at) => at.importer.take('[]', { kind: 'typed', at: 1 }),
    run: (at) => at.importer.replan(),
    landed: (at) => at.importer.fresh,
  },
  {
    name: 'Importer.apply',
    before: planned,
    run: (at) => at.importer.apply(),
    replies: { apply_import: { rows: [row], summary: mark } },
    landed: (at) => at.importer.run?.result,
  },
  {
    name: 'Importer.apply, overtaken',
    before: planned,
    run: (at) => at.importer.apply(),
    replies: { apply_import: { ...problem, code: 'stale_plan' } },
    landed: (at) => at.importer.overtaken?.base,
  },
  {
    name: 'Importer.stop',
    before: async (at, hold) => (await planned(at), hold(), void at.importer.apply()),
    run: (at) => at.importer.stop(),
    replies: { apply_import: { rows: [row], summary: mark } },
    landed: (at) => at.importer.run?.stopping && at.importer.run.result,
  },
  {
    name: 'Single.examine',
    before: (at) => at.single.add(),
    run: (at) => at.single.examine(),
    replies: { check_definition: { problems: [problem] } },
    landed: (at) => at.single.check.reply,
  },
  {
    name: 'Single.send',
    before: (at) => (at.single.add(), at.single.type('scope', mark)),
    run: (at) => at.single.send(),
    replies: { save_definition: done },
    landed: (at) => at.single.done?.now.scope,
  },
  {
    name: 'Single.send, refused',
    before: (at) => (at.single.add(), at.single.type('scope', mark)),
    run: (at) => at.single.send(),
    replies: { save_definition: problem },
    landed: (at) => at.single.problem,
  },
  { name: 'Builder.open', run: (at) => at.builder.open(), landed: (at) => at.builder.ready },
  {
    name: 'Builder.build',
    before: (at) => at.builder.open(),
    run: (at) => at.builder.build(),
    landed: (at) => at.builder.list.length,
  },
  { name: 'Builder.ask', before: ticked, run: (at) => at.builder.ask(), landed: (at) => at.builder.preview.reply },
  {
    name: 'Builder.chooseConsumer',
    before: ticked,
    run: (at) => at.builder.chooseConsumer('prism_b'),
    landed: (at) => at.builder.merge?.includes('app:p:read_todos'),
  },
  {
    name: 'Builder.take',
    quiet: true,
    before: ticked,
    run: (at) => at.builder.take({ kind: 'tick_scopes', consumer: 'prism_c', scopes: [mark] }),
    landed: (at) => at.builder.ticks.inner.includes(mark),
  },
  { name: 'Rules.look', run: (at) => at.rules.look(), landed: (at) => at.rules.review.reply },
  {
    name: 'Rules.apply',
    before: staged,
    run: (at) => at.rules.apply(),
    replies: { apply_rules: { rows: [], summary: mark, review } },
    landed: (at) => at.rules.run?.result,
  },
  {
    name: 'Rules.apply, overtaken',
    before: staged,
    run: (at) => at.rules.apply(),
    replies: { apply_rules: { ...problem, code: 'stale_plan' } },
    landed: (at) => at.rules.overtaken,
  },
  {
    name: 'Rules.stop',
    before: async (at, hold) => (await staged(at), hold(), void at.rules.apply()),
    run: (at) => at.rules.stop(),
    replies: { apply_rules: { rows: [], summary: mark, review } },
    landed: (at) => at.rules.run?.stopping && at.rules.run.result,
  },
  {
    name: 'RuleEntry.examine',
    before: (at) => at.rules.look(),
    run: (at) => at.rules.entries.app.examine({ rule_type: 'app_allow', target_id: mark }),
    landed: (at) => at.rules.entries.app.probe.reply,
  },
  {
    name: 'CallSession.readRoutes',
    run: (at) => at.session.readRoutes(),
    replies: { list_routes: { routes: [{ ...route, id: mark }] } },
    landed: (at) => at.session.routes.length,
  },
  {
    name: 'CallSession.suggestTeam',
    before: routed,
    run: (at) => at.session.suggestTeam(),
    landed: (at) => at.session.typed.team,
  },
  { name: 'CallSession.choices', before: routed, run: (at) => at.session.choices(input) },
  {
    name: 'CallSession.readPreview',
    before: routed,
    run: (at) => at.session.readPreview(),
    replies: { preview_call: { curl: mark, url: mark, problems: [] } },
    landed: (at) => at.session.preview?.curl,
  },
  {
    name: 'CallSession.send',
    before: routed,
    run: (at) => at.session.send(),
    replies: { test_call: report },
    landed: (at) => at.session.answer,
  },
  {
    name: 'CallSession.send, refused',
    before: routed,
    run: (at) => at.session.send(),
    replies: { test_call: problem },
    landed: (at) => at.session.problem,
  },
  {
    name: 'CallSession.stop',
    before: (at, hold) => (routed(at), hold(), at.session.send()),
    run: (at) => at.session.stop(),
    replies: { test_call: report },
    landed: (at) => at.session.answer,
  },
  {
    name: 'CallSession.retell',
    before: async (at) => (await answered(at), workspace.chooseLanguage('zh')),
    run: (at) => at.session.retell(),
    replies: { test_call: report, diagnose_text: { subjects: [subject] } },
    landed: (at) => at.session.answer?.lang === 'zh',
  },
  {
    name: 'Access.foretell, refused',
    run: (at) => at.access.foretell(false),
    replies: { access_matrix: problem },
    landed: (at) => at.access.asking.problem,
  },
  { name: 'Access.readTeams', run: (at) => at.access.readTeams(), landed: (at) => at.access.teams.length },
  { name: 'Access.chooseTeam', run: (at) => at.access.chooseTeam('t'), landed: (at) => at.access.sets.length },
  {
    name: 'Access.foretell',
    run: (at) => at.access.foretell(false),
    replies: { access_matrix: { id: mark, rows: [], differ: 0 } },
    landed: (at) => at.access.matrix,
  },
  {
    name: 'Access.compare',
    before: routed,
    run: (at) => at.access.compare(),
    replies: { compare_calls: { rows: [mark] } },
    landed: (at) => at.access.compared,
  },
  {
    name: 'Access.save',
    before: async (at) => at.access.foretell(false),
    run: (at) => at.access.save('csv'),
    replies: { access_matrix: { id: mark, rows: [], differ: 0 }, save_matrix: { path: mark } },
  },
  {
    name: 'Reader.open',
    quiet: true,
    run: (at) => at.reader.open(new File([mark], 'a.txt')),
    landed: (at) => at.reader.held?.text,
  },
  {
    name: 'Reader.explain',
    before: (at) => at.reader.take('HTTP/1.1 403'),
    run: (at) => at.reader.explain(),
    landed: (at) => at.reader.subject,
  },
  {
    name: 'Reader.explain, refused',
    before: (at) => at.reader.take('HTTP/1.1 403'),
    run: (at) => at.reader.explain(),
    replies: { open_text: problem },
    landed: (at) => at.reader.problem,
  },
  {
    name: 'Reader.look',
    before: async (at) => (at.reader.take('HTTP/1.1 403'), at.reader.explain()),
    run: (at) => at.reader.look(1),
    landed: (at) => at.reader.subject?.index === 1,
  },
  {
    name: 'Reader.again',
    before: async (at) => (at.reader.take('HTTP/1.1 403'), await at.reader.explain(), workspace.chooseLanguage('zh')),
    run: (at) => at.reader.again(),
    landed: (at) => at.reader.serial === 2,
  },
  {
    name: 'Reader.stop',
    before: (at, hold) => (at.reader.take('HTTP/1.1 403'), hold(), void at.reader.explain()),
    run: (at) => at.reader.stop(),
    landed: (at) => at.reader.subject,
  },
  {
    name: 'Clients.read',
    run: (at) => at.clients.read(),
    landed: (at) => at.clients.all().some((one) => one.name === mark),
  },
  {
    name: 'CredentialForm.add',
    run: (at) => at.callCredential.add('secret', null),
    replies: { add_identity: { identity: marked, problems: [problem] } },
    landed: (at) => at.callCredential.added,
  },
  {
    name: 'CredentialForm.add, refused',
    run: (at) => at.credential.add('secret', null),
    replies: { add_identity: problem },
    landed: (at) => at.credential.problem,
  },
  {
    name: 'IdentityDeeds.refresh',
    run: (at) => at.deeds.refresh(me),
    replies: { refresh_identity: identityReport },
    landed: (at) => at.deeds.said[me.id],
  },
  {
    name: 'IdentityDeeds.introspect',
    run: (at) => at.deeds.introspect(me),
    replies: { introspect_identity: identityReport },
    landed: (at) => at.deeds.said[me.id],
  },
  {
    name: 'IdentityDeeds.accept',
    run: (at) => at.deeds.accept(me),
    replies: { accept_identity: problem },
    landed: (at) => at.deeds.said[me.id],
  },
  {
    name: 'IdentityDeeds.administer',
    run: (at) => at.deeds.administer(me),
    replies: { use_admin_identity: problem },
    landed: (at) => at.deeds.said[me.id],
  },
  {
    name: 'IdentityDeeds.rename',
    run: (at) => at.deeds.rename(me, mark),
    replies: () => ({ rename_identity: lists() }),
  },
  {
    name: 'IdentityDeeds.revoke',
    run: (at) => at.deeds.revoke(me),
    replies: () => ({ revoke_identity: { connections: lists(), dead: false, problems: [problem] } }),
    landed: (at) => at.deeds.gone,
  },
  {
    name: 'IdentityDeeds.remove',
    run: (at) => at.deeds.remove(me),
    replies: { remove_identity: problem },
    landed: (at) => at.deeds.said[me.id],
  },
  {
    name: 'SignInFlow.prepare',
    run: (at) => at.signIn.prepare(),
    replies: { prepare_sign_in: { redirect_uris: [], problems: [], mark } },
    landed: (at) => at.signIn.plan.reply,
  },
  {
    name: 'SignInFlow.start',
    run: (at) => at.signIn.start(null),
    replies: { sign_in: { identity: marked, requested: [], granted: [], dropped: [], problems: [] } },
    landed: (at) => at.signIn.result,
  },
  {
    name: 'SignInFlow.start, refused',
    run: (at) => at.signIn.start(null),
    replies: { sign_in: problem },
    landed: (at) => at.signIn.problem,
  },
  {
    name: 'SignInFlow.register',
    run: (at) => at.signIn.register(),
    replies: { register_client: { client_id: mark, problems: [] } },
    landed: (at) => at.signIn.clientId,
  },
  {
    name: 'SignInFlow.reopen',
    before: (at) =>
      (at.signIn.waiting = { step: 'waiting', authorization_url: mark, redirect_uri: '', until: 1, problem: null }),
    run: (at) => at.signIn.reopen(),
    replies: { open_url: problem },
    landed: (at) => at.signIn.pasteProblem,
  },
  {
    name: 'SignInFlow.finish',
    run: (at) => at.signIn.finish(mark),
    replies: { finish_sign_in: problem },
    landed: (at) => at.signIn.pasteProblem,
  },
  {
    name: 'Editing.save',
    before: (at) => (at.startEdit(), ((at.edit as Editing).name = mark)),
    run: (at) => at.edit?.save(),
    replies: { edit_connection: problem },
    landed: (at) => at.edit?.problem,
  },
  {
    name: 'Adding.lookUp',
    run: () => (draft = adding()).lookUp(),
    replies: { discover_connection: found },
    landed: () => draft.name,
  },
  {
    name: 'Adding.add',
    shown: true,
    before: () => (draft = adding()).lookUp(),
    run: () => draft.add(),
    replies: () => ({ discover_connection: found, add_connection: withAdded() }),
  },
  {
    name: 'Doing.rename',
    run: (at) => at.connection && doing.rename(at.connection, 'Alpha'),
    replies: () => ({ edit_connection: lists() }),
  },
  {
    name: 'Doing.duplicate',
    shown: true,
    run: (at) => at.connection && doing.duplicate(at.connection, 'Alpha, copy'),
    replies: () => ({ duplicate_connection: withAdded() }),
  },
  {
    name: 'Doing.remove',
    run: (at) => at.connection && doing.remove(at.connection),
    replies: { remove_connection: problem },
    landed: () => doing.problem,
  },
  {
    name: 'Sources.read',
    shown: true,
    run: () => new Sources().read(),
    replies: { list_routes: { routes: [] }, list_reasons: { reasons: [] }, read_activity: { entries: [] } },
  },
  {
    name: 'ConnectionContext.setReadOnly',
    run: (at) => at.setReadOnly(false),
    replies: () => ({ edit_connection: lists() }),
  },
  { name: 'Workspace.reload', run: () => workspace.reload() },
  { name: 'VaultDesk.read', run: () => vault.read() },
  { name: 'VaultDesk.settle', run: () => (void vault.settle(), new Promise((resolve) => setTimeout(resolve))) },
  {
    name: 'VaultDesk.choose',
    everywhere: true,
    run: () => vault.choose('memory', null),
    replies: () => ({ choose_vault: usual.read_vault?.() }),
  },
  {
    name: 'VaultDesk.unlock',
    everywhere: true,
    run: () => vault.unlock('x'),
    replies: () => ({ unlock_vault: usual.read_vault?.() }),
  },
  {
    name: 'VaultDesk.lock',
    everywhere: true,
    run: () => vault.lock(),
    replies: () => ({ lock_vault: usual.read_vault?.() }),
  },
  {
    name: 'VaultDesk.signOut',
    everywhere: true,
    run: () => vault.signOut(),
    replies: { sign_out_everywhere: { revoked: 0, deleted: 0, problems: [] } },
  },
  {
    name: 'VaultDesk.forget',
    everywhere: true,
    run: () => vault.forget(false),
    replies: { forget_everything: { revoked: 0, deleted: 0, problems: [] } },
  },
];
