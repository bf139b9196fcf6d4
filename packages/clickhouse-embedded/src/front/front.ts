import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmbeddedClickHouseError } from '../embedded-error.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunState } from '../engine/run-state.ts';
import { authenticate, refuseBrowsers, type Users } from './access.ts';
import { handleQuery } from './handle-query.ts';
import { QueryError } from './query-error.ts';
import { ReadOnlyGate } from './read-only-gate.ts';
import { sendError } from './respond.ts';
import { Sessions } from './sessions.ts';
import type { Spool } from './spool.ts';

/** Requests that may be under way, running or waiting; one more is answered 503 at once. */
const requestsMax = 1000;
/** A head may hold SQL and parameters in its URL. */
const headBytesMax = 1024 * 1024;

export interface FrontOptions {
  readonly engine: Engine;
  readonly spool: Spool;
  readonly run: RunState;
  readonly users: Users;
  readonly host: string;
  readonly bodyBytesMax: number;
}

/** ClickHouse's HTTP interface on the engine. */
export class Front {
  readonly #options: FrontOptions;
  readonly #server: Server;
  readonly #sessions: Sessions;
  readonly #gate: ReadOnlyGate;
  readonly #loopback: boolean;
  readonly #underWay = new Set<Promise<void>>();
  #stopping = false;
  #served = 0;
  #refused = 0;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#loopback = /^(127\.|::1$|localhost$)/.test(options.host);
    this.#gate = new ReadOnlyGate(options.engine);
    this.#sessions = new Sessions(() => options.engine.connect());
    this.#server = createServer(
      { maxHeaderSize: headBytesMax, requestTimeout: 3_600_000 },
      (request, response) => this.#take(request, response),
    );
    // ClickHouse's own; clients count on it.
    this.#server.keepAliveTimeout = 10_000;
  }

  /**
   * Listens; resolves with the port.
   * @throws {EmbeddedClickHouseError} `port_in_use`
   */
  async listen(port: number): Promise<number> {
    const { host } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) =>
        reject(
          cause.code === 'EADDRINUSE'
            ? new EmbeddedClickHouseError('port_in_use', `port ${port} of ${host} is in use`, { cause })
            : cause,
        ),
      );
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no more requests, lets those under way end, kills what runs after `drainMs`, closes all connections. */
  async stop(drainMs: number): Promise<void> {
    this.#stopping = true;
    this.#server.close();
    this.#server.closeIdleConnections();
    let rounds = 0;
    const impatience = setInterval(() => {
      void this.#options.engine.kill();
      // Who is still sending or reading then has stopped doing so.
      if (++rounds > 1) this.#server.closeAllConnections();
    }, drainMs);
    await Promise.allSettled([...this.#underWay]);
    clearInterval(impatience);
    this.#server.closeAllConnections();
    this.#sessions.close();
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { run, engine, users } = this.#options;
    response.setHeader('X-ClickHouse-Server-Display-Name', 'tripkey-embedded');
    response.setHeader('X-Tripkey-Engine-Starts', String(run.starts));
    response.setHeader('X-Tripkey-Engine-Unclean-Stops', String(run.uncleanStops));
    response.on('error', () => response.destroy());
    try {
      refuseBrowsers(request, this.#loopback);
      const url = new URL(request.url ?? '/', 'http://engine');
      const greeting = url.pathname === '/' && request.method === 'GET' && !url.searchParams.has('query');
      if (url.pathname === '/ping' || url.pathname === '/replicas_status' || greeting) {
        return void response.setHeader('Content-Type', 'text/plain; charset=UTF-8').end('Ok.\n');
      }
      if (url.pathname === '/tripkey/status') {
        authenticate(request, url, users);
        return void response
          .setHeader('Content-Type', 'application/json')
          .end(JSON.stringify(this.#status()));
      }
      if (url.pathname !== '/' || (request.method !== 'GET' && request.method !== 'POST')) {
        throw new QueryError(36, 'BAD_ARGUMENTS', 'there is nothing here: SQL is posted to /', 404);
      }
      if (this.#stopping) throw new QueryError(236, 'ABORTED', 'the engine is stopping', 503);
      if (this.#underWay.size >= requestsMax) {
        throw new QueryError(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', `more than ${requestsMax} requests`);
      }
      this.#served++;
      const work = handleQuery(
        { ...this.#options, sessions: this.#sessions, gate: this.#gate },
        request,
        response,
        url,
      );
      this.#underWay.add(work);
      void work.finally(() => this.#underWay.delete(work));
    } catch (error) {
      this.#refused++;
      request.resume();
      sendError(response, error, engine.version);
    }
  }

  #status() {
    const { run, engine } = this.#options;
    return {
      version: engine.version,
      pid: process.pid,
      started_at: run.startedAt,
      starts: run.starts,
      unclean_stops: run.uncleanStops,
      last_stop_clean: run.lastStopClean,
      requests_served: this.#served,
      requests_refused: this.#refused,
      requests_under_way: this.#underWay.size,
      calls_running: engine.gate.running,
      calls_waiting: engine.gate.waiting,
      connections: engine.connections,
      sessions: this.#sessions.count,
      kills: engine.kills,
    };
  }
}
