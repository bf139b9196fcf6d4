export { type KongOptions, openKong } from './open-kong.ts';
