// Connections, identities, signing in, and the vault.
import { Adding } from '../../src/panels/connections/adding.svelte';
import { doing } from '../../src/panels/connections/doing.svelte';
import { Editing } from '../../src/panels/connections/editing.svelte';
import { Sources } from '../../src/shell/palette.svelte';
import { vault } from '../../src/vault.svelte';
import { workspace } from '../../src/workspace.svelte';
import { mark, found, lists, withAdded, marked, me, identityReport, problem, usual, type Case } from './replies';

const adding = (): Adding => Object.assign(new Adding(), { address: 'https://glint.example.com' });
let draft = new Adding();

/** The cases. */
export const connections: Case[] = [
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
