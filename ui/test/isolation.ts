// Every operation of every state class, so that each can be caught while it is pending. A new one has to be added here.
import { calls } from './isolation/calls';
import { connections } from './isolation/connections';
import { panels } from './isolation/panels';
import type { Case } from './isolation/replies';

export { mark, usual, type Replies } from './isolation/replies';

/** The table. */
export const cases: Case[] = [...panels, ...calls, ...connections];
