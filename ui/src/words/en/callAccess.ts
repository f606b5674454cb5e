// Test call: the matrix of what an identity may do.
/** Test call: the matrix of what an identity may do. */
export const callAccess = {
  access: {
    label: 'What to look at',
    matrix: 'Every call',
    compare: 'One call as many',
    team: 'Team',
    set: 'Set',
    firstTeam: 'The first one Glint lists',
    wholeTeam: 'The whole team',
    foretell: 'Foretell',
    foretellWhy:
      'Foretold by the same gates that explain a refusal, from evidence that changes nothing. A sound request for things that exist is assumed.',
    prove: 'Prove the reads',
    proveWhy: 'Sends every read; what writes is never sent.',
    proving: (done: number, total: number) => `${done} of ${total}`,
    asking: 'Asking both servers …',
    call: 'Call',
    chooseRoute: 'Choose route and values',
    as: 'As',
    chosen: (n: number, all: number) => `${n} of ${all}`,
    send: 'Compare',
    readsOnly: 'Only reads are sent.',
    noRoute: 'Choose a route first.',
    notSafe: 'Only reads are sent under several identities.',
    nobody: 'Choose an identity.',
    tooMany: (n: number) => `Choose at most ${n}.`,
    incomplete: 'Values of the call are missing.',
    noMatrix: 'No matrix yet',
    noMatrixWhy: 'See every call of one identity: allowed, or stopped by which gate.',
    noCompared: 'Nothing compared yet',
    noComparedWhy: 'Send one read under several identities and see where each is stopped.',
    of: (who: string, role: string | null, team: string) =>
      `${who}${role ? `, ${role}` : ''}${team ? ` in ${team}` : ''}`,
    ownSpace: 'their own space',
    counted: (allowed: number, denied: number, differ: number) =>
      `${allowed} calls allowed, ${denied} denied${differ > 0 ? `, ${differ} not as foretold` : ''}.`,
    differ: (n: number) =>
      n === 1
        ? 'One real call showed something else than was foretold.'
        : `${n} real calls showed something else than was foretold.`,
    agrees: 'Every read that was sent came out as foretold.',
    saved: (path: string) => `Saved as ${path}.`,
    filter: 'Filter calls',
    filterHint: 'Path, scope, permission or reason',
    columns: { call: 'Call', access: 'Comes out', seen: 'Seen' },
    words: { allowed: 'allowed', own_only: 'own only', denied: 'denied', unknown: 'unknown' },
    notAsked: 'not asked by this call',
    notSent: 'not sent',
    neverSent: 'It changes something and was not sent.',
    foretold: 'foretold',
    observed: (status: number, cause: string) => `Seen: ${status}, ${cause}`,
    open: 'Open this call',
    compared: (n: number) => `${n} identities,`,
  },
};
