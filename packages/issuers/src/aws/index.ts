export type { AwsOptions } from './aws-client.ts';
export { openAwsApiGateway } from './open-aws-api-gateway.ts';
export { openAwsIam } from './open-aws-iam.ts';
