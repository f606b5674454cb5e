// Telling entries apart, and saying one as plain text.
import type { ActivityEntry } from '../../contract';
import type { IconName } from '../../parts/icons';
import { shorten } from '../../parts/text';
import type { BadgeTone } from '../../parts/tone';
import type { Panel } from '../../workspace.svelte';

/** The kinds the filter tells apart. */
export type Kind = 'definitions' | 'rules' | 'other';

/** What an entry is about, by its operation. */
export function kindOf(entry: ActivityEntry): Kind {
  if (/import|definition/.test(entry.operation)) return 'definitions';
  return /rule/.test(entry.operation) ? 'rules' : 'other';
}

/** Icon of a kind. */
export const kindIcons: Record<Kind, IconName> = { definitions: 'defs', rules: 'rules', other: 'call' };

/** The panel a kind of change is made in. */
export const kindPanels: Record<Kind, Panel> = { definitions: 'definitions', rules: 'rules', other: 'call' };

/** What became of an entry: read back, in part, or a call with its answer. */
export type End = 'verified' | 'partly' | 'answered' | 'refused';

/** How an entry ended; only what was read back is called verified. */
export function endOf(entry: ActivityEntry): End {
  if (kindOf(entry) === 'other') return entry.complete ? 'answered' : 'refused';
  return entry.complete ? 'verified' : 'partly';
}

/** Shape and colour of an end. */
export const endLooks: Record<End, { icon: IconName; tone: BadgeTone; colour: string }> = {
  verified: { icon: 'okc', tone: 'success', colour: 'pass' },
  partly: { icon: 'warn', tone: 'warning', colour: 'warn' },
  answered: { icon: 'okc', tone: 'success', colour: 'pass' },
  refused: { icon: 'ban', tone: 'failure', colour: 'fail' },
};

/** The summary with its long identifiers shortened in the middle, so that its end fits a row. */
export function brief(entry: ActivityEntry): string {
  return entry.summary.replace('/api/cross-app/teams/', '…/').replace(/[\w-]{24,}/g, (id) => shorten(id, 8, 4));
}

/** The first two of several subjects and how many more there are; empty for a single one, which the title names. */
export function subjects(entry: ActivityEntry): string {
  const names = entry.items.map((item) => (item.subject.length > 40 ? shorten(item.subject) : item.subject));
  if (names.length < 2) return '';
  return names.slice(0, 2).join(', ') + (names.length > 2 ? ` +${names.length - 2}` : '');
}

/** How many items were verified. */
export function verified(entry: ActivityEntry): number {
  return entry.items.filter((item) => item.state === 'verified').length;
}

/** The entry as text to hand on. */
export function asText(entry: ActivityEntry): string {
  const lines = entry.items.flatMap((item) => [
    `- ${item.subject}: ${item.action.replaceAll('`', '')}, ${item.state}`,
    ...item.changes.map((c) => `    ${c.field}: ${JSON.stringify(c.before)} -> ${JSON.stringify(c.after)}`),
    ...(item.problem ? [`    ${item.problem.code}: ${item.problem.message}`] : []),
  ]);
  return [
    entry.summary.replaceAll('`', ''),
    `${new Date(entry.at).toISOString()}  ${entry.connection}  ${entry.identity}`,
    ...lines,
  ].join('\n');
}
