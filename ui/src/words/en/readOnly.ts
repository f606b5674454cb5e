/** English words about read-only connections and about who named a server. */
export const readOnly = {
  tag: 'Read-only',
  reason: 'This connection is read-only.',
  allow: 'Allow changes…',
  allowTitle: (name: string) => `Allow changes at ${name}?`,
  allowLines: [
    'The console can then change definitions, rules, clients and data at these servers.',
    'Every write still asks first.',
  ],
  allowAction: 'Allow changes',
  make: 'Make read-only',
  allowed: (name: string) => `Changes are allowed at ${name}`,
  made: (name: string) => `${name} is read-only`,
  field: 'Changes',
  choices: { yes: 'Read-only', no: 'Allowed' },
  production: 'A production connection starts read-only. You can allow changes later.',
  origins: 'Servers that get credentials',
  named:
    'Only Glint’s configuration names this Prism. A credential you add is sent to it. Check the address with its operator.',
  confirm: (origin: string) => `Send credentials to ${origin}`,
  confirmFirst: 'Confirm the address of Prism first',
};
