/** Colour of a badge; the classes `tone-…` of controls.css and surfaces.css. */
export type BadgeTone = 'neutral' | 'accent' | 'warning' | 'failure' | 'success' | 'unknown';
