// Placing a popup beside what opened it, in front of every column.

/** Where a popup stands, in pixels of the window. */
export interface Place {
  left: number;
  /** From the top of the window; `null` when it stands above what opened it. */
  top: number | null;
  /** From the bottom of the window, so that a popup that shrinks stays where it is held. */
  bottom: number | null;
  width: number;
  maxHeight: number;
}

/** Below the anchor where there is room, else above it; never outside the window. */
export function place(
  anchor: DOMRect,
  wanted: { width: number; height: number },
  view: { width: number; height: number },
): Place {
  const width = Math.min(Math.max(anchor.width, wanted.width), view.width - 16);
  const left = Math.max(8, Math.min(anchor.left, view.width - width - 8));
  const below = view.height - anchor.bottom - 12;
  const above = anchor.top - 12;
  const down = below >= Math.min(wanted.height, 160) || below >= above;
  const maxHeight = Math.min(wanted.height, down ? below : above);
  return {
    left,
    top: down ? anchor.bottom + 4 : null,
    bottom: down ? null : view.height - anchor.top + 4,
    width,
    maxHeight,
  };
}
