/** English words about drafts at other connections. */
export const draft = {
  elsewhere: (n: number) => (n === 1 ? '1 draft elsewhere' : `${n} drafts elsewhere`),
  elsewhereAt: (names: string[]) => `Drafts at other connections: ${names.join(', ')}`,
  here: 'draft',
  staged: (n: number) => `${n} staged`,
  applying: (done: number, total: number) => `applying ${done} of ${total}`,
  definitionsAt: (name: string) => `A definitions draft is at ${name}`,
  rulesAt: (name: string, n: number) =>
    n === 1 ? `1 rule change is staged at ${name}` : `${n} rule changes are staged at ${name}`,
  stays: 'It stays there. Copying it here sends nothing.',
  use: 'Use this draft here',
  show: 'Show it',
  copied: (name: string) => `Draft copied from ${name}. Nothing was sent.`,
  leftOut: (n: number) =>
    n === 1
      ? '1 removal was not copied: this connection has no such rule.'
      : `${n} removals were not copied: this connection has no such rules.`,
  deleteLeftOut: 'The deletion was not copied: this connection has no such definition.',
};
