// Test call: an answer from a text, and the capsule that holds it.
const replaced: Record<string, string> = {
  secret: 'secrets',
  person: 'names of people',
  text: 'texts',
  id: 'IDs',
  host: 'host names',
  header: 'headers',
  parameter: 'parameters',
  member: 'JSON members',
  body: 'bodies',
  swept: 'random words and e-mail addresses',
};

/** Test call: an answer from a text, and the capsule that holds it. */
export const callDiagnose = {
  diagnose: {
    label: 'Answer, curl output or HAR',
    placeholder: 'HTTP/1.1 403 Forbidden\n\n{"error":"Not a member of this team"}',
    open: 'Open a file',
    clear: 'Clear',
    method: 'Method',
    url: 'URL or path',
    status: 'Status',
    where: 'Where the text does not say it',
    explain: 'Explain',
    giveStatus: 'Give the status',
    explaining: 'Reading and explaining …',
    sendsNothing: 'Sends nothing.',
    empty: 'Paste an answer or open a file first.',
    badStatus: 'A status is a number from 100 to 599.',
    tooLarge: (size: string) => `The window reads files up to ${size}; the command line reads up to 256 MB.`,
    file: (name: string, size: string) => `${name}, ${size}`,
    pasted: 'Pasted text',
    change: 'Change the text',
    subjects: 'Calls in this text',
    count: (shown: number, all: number) => (shown === all ? `${all} calls` : `${shown} of ${all} calls`),
    filter: 'Filter calls',
    filterPlaceholder: 'Reason, route, status, name',
    step: (done: number, total: number) => `${done} of ${total} calls explained …`,
    group: 'Group by',
    by: { cause: 'Reason', route: 'Route', consumer: 'Consumer', person: 'Person' },
    unknown: 'not known',
    counts: (all: number, allowed: number, open: number) =>
      `${all}${allowed > 0 && allowed < all ? `, ${allowed} allowed` : ''}${open > 0 && open < all ? `, ${open} open` : ''}`,
    none: 'No call fits.',
    nothing: 'This text holds no call to explain.',
    idleTitle: 'Nothing read yet',
    idle: 'Paste what the server answered. Nothing is sent; only the text is read.',
    idleForms: 'What can be read',
    forms: [
      'an answer, with or without its status line and headers',
      'a curl command with its output (-i or -v)',
      'an HTTP archive (HAR) with one or many calls',
    ],
    example: 'Try the example',
    surer:
      'The more the text holds, the surer the answer: an archive with the introspection settles what a lone 403 leaves open.',
  },
  capsule: {
    export: 'Export capsule',
    holds:
      'The call and the exchanges the answer rests on, as an HTTP archive. It holds only what the diagnosis needs.',
    minimised: 'Replace names of people, what they wrote, IDs and times',
    hosts: 'Replace host names, IP addresses and ports',
    goesIn: 'In the capsule:',
    replaced: (list: { what: string; count: number }[]) =>
      list.length === 0
        ? 'Nothing was replaced.'
        : `Replaced or removed: ${list.map((one) => `${one.count} ${replaced[one.what] ?? one.what}`).join(', ')}.`,
    leftOut: (count: number) =>
      count === 1 ? '1 other exchange is left out.' : `${count} other exchanges are left out.`,
    save: 'Save capsule',
    saveReport: 'Save report',
    copyReport: 'Copy report',
    report: 'report',
    leave: 'Cancel',
    saved: (path: string) => `Saved as ${path}.`,
  },
};
