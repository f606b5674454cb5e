// How identities and hosts are named everywhere.
import type { Connection, CredentialKind, Identity } from '../contract';
import type { IconName } from './icons';

/** Icon of a kind of credential. */
export const kindIcon: Record<CredentialKind, IconName> = {
  personal_access_token: 'key',
  client_credentials: 'lock',
  access_token: 'user',
  session_token: 'app',
};

/** The host of an address with its port; the address itself when it is none. */
export function host(url: string): string {
  try {
    return new URL(url).host || url;
  } catch {
    return url;
  }
}

/** The host people know a connection by. */
export function hostOf(connection: Connection): string {
  return host(connection.glint_url ?? connection.prism_url);
}

/** Identities for calls to Glint. */
export function forCalls(connection: Connection | null): Identity[] {
  return connection?.identities.filter((i) => i.for_calls) ?? [];
}
