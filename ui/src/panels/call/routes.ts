// What the panel shows of a route and what it makes of the typed values. Pure: no call, no state.
import type { Input, PathPrefixes, Route } from '../../contract';
import { clip, shorten } from '../../parts/text';

/** What stands in the form, by input name, as typed; an empty text is not sent. */
export type Typed = Record<string, string>;

/** Routes of one group, in display order. */
export interface RouteGroup {
  name: string;
  routes: Route[];
}

/** Values as they go to the engine, and the fields whose text is not what the field holds. */
export interface Wire {
  values: Record<string, unknown>;
  unreadable: string[];
}

/** Groups routes without changing their order. */
export function grouped(routes: Route[]): RouteGroup[] {
  const groups: RouteGroup[] = [];
  for (const route of routes) {
    const known = groups.find((group) => group.name === route.group);
    if (known) known.routes.push(route);
    else groups.push({ name: route.group, routes: [route] });
  }
  return groups;
}

/** Whether every word of the filter occurs in the route: verb, path, group, scopes, permissions. */
export function matches(route: Route, filter: string): boolean {
  const hay = [route.method, route.path, route.group, route.id, ...route.scopes, ...route.permissions]
    .concat(route.inputs.flatMap((input) => [input.name, ...(input.scopes ?? []), ...(input.permissions ?? [])]))
    .join(' ')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

/** The path without the prefix most routes share; others keep a leading slash after what all share. */
export function shortPath(path: string, known: PathPrefixes): string {
  if (known.most && path.startsWith(known.most)) return path.slice(known.most.length);
  if (known.all && path.startsWith(known.all)) return `/${path.slice(known.all.length)}`;
  return path;
}

/** Whether the scope asked for depends on which body fields are sent. */
export function byField(route: Route, what: 'scopes' | 'permissions'): boolean {
  return route.inputs.some((input) => (input[what] ?? []).length > 0);
}

/** Turns what is typed into values by kind of input. A text that is no JSON is named, not sent. */
export function wire(route: Route, typed: Typed): Wire {
  const values: Record<string, unknown> = {};
  const unreadable: string[] = [];
  for (const input of route.inputs) {
    const text = typed[input.name] ?? '';
    if (text === '') continue;
    const read = readValue(input, text);
    if (read === undefined) unreadable.push(input.name);
    else values[input.name] = read.value;
  }
  return { values, unreadable };
}

function readValue(input: Input, text: string): { value: unknown } | undefined {
  if (input.pick === 'bool') return { value: text === 'true' };
  if (input.pick === 'number') {
    const number = Number(text);
    return text.trim() !== '' && Number.isFinite(number) ? { value: number } : undefined;
  }
  if (input.pick !== 'json') return { value: text };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Whether the value can be picked from a list the provider gives. */
export function isLive(input: Input): boolean {
  return ['team', 'set', 'todo', 'comment', 'user'].includes(input.pick);
}

/** Values that are not sent but narrow the lists of others: todos are listed set by set. */
export function narrowing(route: Route): Input[] {
  const has = (pick: Input['pick']): boolean => route.inputs.some((input) => input.pick === pick);
  const place = (pick: Input['pick']): boolean =>
    route.inputs.some((input) => input.pick === pick && input.place === 'path');
  return has('todo') && place('team') && !place('set')
    ? [{ name: ' set', place: 'path', pick: 'set', required: false }]
    : [];
}

/** Whether the same call is meant: values compared as they would be sent. */
export function sameValues(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));
}

/** The first word by which the second name differs: `any` for `delete_own_todos` and `delete_any_todo`. */
export function differing(first: string, second: string): string {
  const known = first.split('_');
  return second.split('_').find((word, index) => word !== known[index]) ?? second;
}

/** The path of an address in pieces that end with a slash; identifiers are shortened in the middle. */
export function placeParts(url: string): string[] {
  let place = url;
  try {
    const { pathname, search } = new URL(url);
    place = pathname + search;
  } catch {
    // Pasted texts may name a path only.
  }
  return clip(place, 300)
    .split(/(?<=\/)/)
    .map((part) =>
      part.length > 20 ? `${shorten(part.replace(/\/$/, ''), 6, 4)}${part.endsWith('/') ? '/' : ''}` : part,
    );
}
