import type { IncomingMessage } from 'node:http';
import type { Authorize } from './accept-tokens.ts';
import { Problem } from './problem.ts';

const contentTypes = ['application/json', 'application/x-ndjson', 'application/ndjson', 'application/jsonl'];

/**
 * Lets a post in whose sender may emit and whose body has a form that is read here.
 * @throws {Problem} 401 or 415
 */
export async function admitPost(request: IncomingMessage, authorize: Authorize): Promise<void> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!token || !(await authorize(token))) {
    throw new Problem(401, 'Not allowed', 'send Authorization: Bearer with a token that may emit events', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';', 1);
  if (type === '' || contentTypes.includes(type.trim())) return;
  throw new Problem(415, 'Unsupported content type', `send one of ${contentTypes.join(', ')}`);
}
