export { openUnkey, type UnkeyOptions } from './open-unkey.ts';
