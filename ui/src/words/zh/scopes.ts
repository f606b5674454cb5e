import type { scopes as en } from '../en/scopes';

export const scopes: typeof en = {};
