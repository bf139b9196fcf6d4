export { type OAuthOptions, openOAuth } from './open-oauth.ts';
export { tokensFolder } from './tokens-folder.ts';
