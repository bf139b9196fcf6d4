export { type BetterAuthInstance, type BetterAuthOptions, openBetterAuth } from './open-better-auth.ts';
