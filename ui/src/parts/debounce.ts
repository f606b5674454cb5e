/** Runs `action` once `wait` milliseconds after the last call; `cancel` forgets a waiting one. */
export function debounce<T extends unknown[]>(
  action: (...args: T) => void,
  wait = 300,
): ((...args: T) => void) & { cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (...args: T): void => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), wait);
  };
  return Object.assign(later, { cancel: () => clearTimeout(timer) });
}
