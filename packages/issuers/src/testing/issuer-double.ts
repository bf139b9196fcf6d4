import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface DoubleRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface DoubleAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A local HTTP server that stands in for an issuer whose API is only documented, with the faults that suites need. */
export interface IssuerDouble {
  readonly url: string;
  readonly requests: DoubleRequest[];
  /** The next request that changes something takes effect, and its reply does not arrive. */
  loseNextReply(): void;
  /** The next request that changes something is told to come later, in the issuer's own words. */
  rateLimitNext(): void;
  close(): Promise<void>;
}

/**
 * @param answer what the issuer says
 * @param isChange whether a request changes something
 * @param limited how the issuer says "too many requests"
 */
export async function startIssuerDouble(
  answer: (request: DoubleRequest) => DoubleAnswer,
  isChange: (request: DoubleRequest) => boolean,
  limited: DoubleAnswer,
): Promise<IssuerDouble> {
  const requests: DoubleRequest[] = [];
  const faults: ('lose' | 'limit')[] = [];
  const server = createServer(async (incoming, response) => {
    const request = {
      method: incoming.method ?? '',
      url: new URL(incoming.url ?? '/', 'http://issuer.test'),
      headers: incoming.headers,
      body: await text(incoming),
    };
    requests.push(request);
    const fault = isChange(request) ? faults.shift() : undefined;
    if (fault === 'limit') return send(response, limited);
    const said = answer(request);
    if (fault === 'lose') return response.destroy();
    send(response, said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    loseNextReply: () => void faults.push('lose'),
    rateLimitNext: () => void faults.push('limit'),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, { status, body, headers }: DoubleAnswer): void {
  const written = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(written);
}
