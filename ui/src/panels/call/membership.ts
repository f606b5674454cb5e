// Glint keeps one team list per user for one hour, whatever it holds (contract §8.3).

/** How long a list is kept, milliseconds. */
export const kept = 60 * 60 * 1000;

/** What a list out of date does: keeps somebody out, lets somebody in, holds an old role, or may do so later. */
export type ClockKind = 'denies' | 'admits' | 'role' | 'later' | 'none';

/** Which clock belongs to a reason code, and until when the list that this call met can last at most. */
export function clockOf(cause: string, startedAt: number | null): { kind: ClockKind; until: number | null } | null {
  const until = startedAt === null ? null : startedAt + kept;
  switch (cause) {
    case 'membership.stale_denial':
    case 'membership.unproven':
      return { kind: 'denies', until };
    case 'hidden.stale_access':
      return { kind: 'admits', until };
    case 'role.stale_role':
      return { kind: 'role', until };
    case 'membership.not_member':
      return { kind: 'later', until };
    case 'membership.unavailable':
      return { kind: 'none', until: null };
    default:
      return null;
  }
}

/** Whole minutes left, at least one; `null`: over. */
export function left(until: number, now: number): number | null {
  return until <= now ? null : Math.ceil((until - now) / 60_000);
}
