import { createHmac } from 'node:crypto';

/**
 * The headers by which a receiver knows who sent a webhook, when, and whether it saw it before: HMAC-SHA256 over id,
 * time and body (Standard Webhooks, https://www.standardwebhooks.com).
 * @param secret shared with the receiver; `whsec_` and Base64, as the libraries of that standard take it
 */
export function signWebhook(id: string, atMs: number, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
