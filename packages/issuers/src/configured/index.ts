export { IssuerConfig, openIssuer } from './open-issuer.ts';
