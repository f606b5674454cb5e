/** English words of the panel. */
export const connections = {};
