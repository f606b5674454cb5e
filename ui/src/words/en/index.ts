export { activity } from './activity';
export { call } from './call';
export { connections } from './connections';
export { definitions } from './definitions';
export { parts } from './parts';
export { rules } from './rules';
export { scopes } from './scopes';
export { shell } from './shell';
