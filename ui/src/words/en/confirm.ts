/** English words of the question before a write. */
export const confirm = {
  where: 'Where',
  as: 'As',
  nobody: 'no identity',
  what: 'What',
  back: 'Go back',
  type: (name: string) => `Type “${name}” to go on`,
  typeFirst: (name: string) => `Type “${name}” first`,
  switchTo: (label: string, kind: string) => `Switch to ${label} (${kind})`,
  tryAgain: 'Try again',
  identities: 'All identities',
};
