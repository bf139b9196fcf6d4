import { expect, test } from 'vitest';
import { isSensitive } from './sensitivity.ts';

test.each([
  ['GET', '/secretsmanager/GetSecretValue'],
  ['GET', '/sts/AssumeRole'],
  ['POST', '/iam/CreateAccessKey'],
  ['POST', '/v1/api-keys'],
  ['GET', '/v1/api-keys/{id}'],
  ['PUT', '/v1/users/{id}/roles'],
  ['DELETE', '/v1/audit-log'],
  ['POST', '/cloudtrail/StopLogging'],
  ['POST', '/v1/exports'],
  ['GET', '/ssm/GetParameters'],
  ['POST', '/organizations/LeaveOrganization'],
  ['POST', '/cloudtrail/PutEventSelectors'],
  ['POST', '/ec2/ImportKeyPair'],
])('%s %s is what a thief is after', (method, route) => {
  expect(isSensitive(method, route)).toBe(true);
});

test.each([
  ['GET', '/v1/leads/{id}'],
  ['POST', '/v1/leads'],
  ['GET', '/v1/users/{id}/roles'],
  ['GET', '/v1/audit-log'],
  ['POST', '/v1/logs'],
  ['PUT', '/v1/keyboards/{id}'],
  ['POST', '/v1/secretaries'],
  ['GET', '/v1/parameters'],
  ['POST', '/v1/functions'],
])('%s %s is ordinary work', (method, route) => {
  expect(isSensitive(method, route)).toBe(false);
});
