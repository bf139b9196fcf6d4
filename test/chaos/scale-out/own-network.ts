import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';

const forwarder = fileURLToPath(new URL('forward-into.ts', import.meta.url));

/**
 * A network of its own for a process, which can be cut off from everything, and does not learn of it. Servers of the machine
 * are reached in it under the addresses that they have outside: what comes to a port inside goes through a file socket,
 * which no network knows of.
 */
export class OwnNetwork implements AsyncDisposable {
  readonly #name: string;
  readonly #servers: Server[] = [];
  readonly #sockets: string[] = [];
  #inside: ChildProcess | null = null;

  private constructor(name: string) {
    this.#name = name;
  }

  /** Why there can be none here; null when there can. */
  static unavailable(): string | null {
    const name = `tripkey-try-${process.pid}`;
    try {
      execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
      execFileSync('ip', ['-n', name, 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
      return null;
    } catch (error) {
      return `network namespaces need Linux, ip and root: ${error instanceof Error ? error.message : ''}`;
    } finally {
      try {
        execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
      } catch {
        // It was never made.
      }
    }
  }

  /** @param ports on 127.0.0.1 that are reached inside, too */
  static async open(name: string, ports: readonly number[], folder: string): Promise<OwnNetwork> {
    const network = new OwnNetwork(`tripkey-${process.pid}-${name}`);
    execFileSync('ip', ['netns', 'add', network.#name]);
    network.mend();
    const ways = ports.map((port) => ({ port, socket: `${folder}/${name}-${port}.sock` }));
    for (const { port, socket } of ways) {
      const server = createServer((from) => {
        const to = connect(port, '127.0.0.1');
        from.pipe(to).pipe(from);
        from.on('error', () => to.destroy());
        to.on('error', () => from.destroy());
      });
      await new Promise<void>((resolve) => server.listen(socket, resolve));
      network.#servers.push(server);
      network.#sockets.push(socket);
    }
    const [command = '', ...args] = [...network.within, process.execPath, forwarder, JSON.stringify(ways)];
    const inside = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve, reject) => {
      inside.stdout.once('data', resolve);
      inside.once('exit', () => reject(new Error('the forwarder inside the network ended')));
    });
    network.#inside = inside;
    return network;
  }

  /** The command that runs another one inside. */
  get within(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name];
  }

  cut(): void {
    execFileSync('ip', ['-n', this.#name, 'link', 'set', 'lo', 'down']);
  }

  mend(): void {
    execFileSync('ip', ['-n', this.#name, 'link', 'set', 'lo', 'up']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#inside?.kill('SIGKILL');
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) rmSync(socket, { force: true });
    execFileSync('ip', ['netns', 'del', this.#name]);
  }
}
