/** Whether two JSON values are equal; equal strings and shared objects cost nothing. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.keys(a), Object.keys(b)];
  if (left.length !== right.length) return false;
  return left.every(
    (key) => key in b && same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
