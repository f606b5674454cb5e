// Telling entries apart, and saying one as plain text.
import type { ActivityEntry } from '../../contract';
import type { IconName } from '../../parts/icons';
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

/** How many items were verified. */
export function verified(entry: ActivityEntry): number {
  return entry.items.filter((item) => item.state === 'verified').length;
}

/** The entry as text to hand on. */
export function asText(entry: ActivityEntry): string {
  const lines = entry.items.flatMap((item) => [
    `- ${item.subject}: ${item.action}, ${item.state}`,
    ...item.changes.map((c) => `    ${c.field}: ${JSON.stringify(c.before)} -> ${JSON.stringify(c.after)}`),
    ...(item.problem ? [`    ${item.problem.code}: ${item.problem.message}`] : []),
  ]);
  return [entry.summary, `${new Date(entry.at).toISOString()}  ${entry.connection}  ${entry.identity}`, ...lines].join('\n');
}
