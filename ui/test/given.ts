// A connection and an identity to start a test from; a test names only what it is about.
import { forConnection, type ConnectionState } from '../src/connectionState.svelte';
import type { Connection, Identity } from '../src/contract';
import { workspace } from '../src/workspace.svelte';

/** An identity of mia for calls; `more` says what is different. */
export function identityOf(more: Partial<Identity> = {}): Identity {
  return {
    id: 'mia',
    label: 'mia',
    kind: 'access_token',
    user_name: 'mia',
    user_id: null,
    client_id: null,
    client_name: null,
    scopes: [],
    expires_at: null,
    note: '',
    abilities: [],
    for_calls: true,
    for_admin: false,
    removable: false,
    origin: 'built_in',
    kept: 'memory',
    refreshable: false,
    used_for: null,
    foreign: false,
    ...more,
  };
}

/** The sandbox without identities; `more` says what is different. */
export function connectionOf(more: Partial<Connection> = {}): Connection {
  return {
    id: 'sandbox',
    name: 'Sandbox',
    environment: 'sandbox',
    prism_url: '',
    glint_url: null,
    provider_client_id: null,
    identities: [],
    admin_identity: null,
    choices: {},
    colour: null,
    read_only: false,
    confirms_writes: (more.environment ?? 'sandbox') !== 'sandbox',
    transport: { ca_file: null, system_proxy: false, redirect_ports: [] },
    redirect_uris: [],
    saved: true,
    ...more,
  };
}

/** Lists these connections and no others, each with a new state; returns the state of the first, which is shown. */
export function connected(...list: Connection[]): ConnectionState {
  const first = list[0];
  if (!first) throw new Error('no connection');
  workspace.setConnections([]);
  workspace.setConnections(list);
  workspace.activate(first.id);
  return forConnection(first.id);
}
