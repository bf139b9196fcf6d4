import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of the Web API. */
export interface SlackCall {
  readonly method: string;
  readonly body: Record<string, unknown>;
}

/** A Web API that says yes to everything, or what a test makes it say, and remembers what it was asked. */
export async function startFakeSlack(
  answers: (call: SlackCall) => object | undefined = () => undefined,
): Promise<{
  readonly apiUrl: string;
  readonly calls: SlackCall[];
  close(): Promise<void>;
}> {
  const calls: SlackCall[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = Object.fromEntries(
      [...new URLSearchParams(text)].map(([name, value]) => [
        name,
        name === 'view' ? JSON.parse(value) : value,
      ]),
    );
    const call = { method: request.url!.split('/').at(-1)!, body };
    calls.push(call);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, ...answers(call) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    calls,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
