// What can be done with one identity, by what it is.
import { asProblem, call } from '../../call';
import type { Connection, Identity } from '../../contract';
import type { IconName } from '../../parts/icons';
import { workspace } from '../../workspace.svelte';
import type { IdentityDeeds } from './identityDeeds.svelte';

interface Verb {
  id: string;
  icon: IconName;
  label: string;
  danger?: boolean;
  run: () => void;
}

function openPrism(deeds: IdentityDeeds, connection: Connection): void {
  void call('open_url', { url: connection.prism_url }).catch((error: unknown) =>
    deeds.at.show(asProblem(error).message),
  );
}

/** The verbs of a row's menu, in words of the moment. */
export function verbs(deeds: IdentityDeeds, connection: Connection, identity: Identity): Verb[] {
  const words = workspace.words.identities;
  const token = identity.kind === 'access_token';
  const all: (Verb | false)[] = [
    identity.for_admin &&
      connection.admin_identity !== identity.id && {
        id: 'administer',
        icon: 'okc',
        label: words.useForAdmin,
        run: () => void deeds.administer(identity),
      },
    identity.for_calls && {
      id: 'call',
      icon: 'arr',
      label: words.callAs,
      run: () => workspace.openPanel('call', { kind: 'select_identity', identity: identity.id }),
    },
    identity.refreshable && {
      id: 'refresh',
      icon: 'refresh',
      label: words.refresh,
      run: () => void deeds.refresh(identity),
    },
    token && { id: 'introspect', icon: 'eye', label: words.introspect, run: () => void deeds.introspect(identity) },
    identity.removable && { id: 'rename', icon: 'edit', label: words.rename, run: () => deeds.ask('rename', identity) },
    token &&
      identity.removable && {
        id: 'consents',
        icon: 'ext',
        label: words.consents,
        run: () => openPrism(deeds, connection),
      },
    token &&
      identity.removable && {
        id: 'revoke',
        icon: 'ban',
        label: words.revoke,
        danger: true,
        run: () => deeds.ask('revoke', identity),
      },
    identity.removable && {
      id: 'remove',
      icon: 'trash',
      label: words.remove,
      danger: true,
      run: () => deeds.ask('remove', identity),
    },
  ];
  return all.filter((verb) => verb !== false);
}
