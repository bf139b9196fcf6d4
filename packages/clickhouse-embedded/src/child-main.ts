import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ChildOptions, FromChild, ToChild } from './child-messages.ts';
import { EmbeddedClickHouseError } from './embedded-error.ts';
import { Engine } from './engine/engine.ts';
import { markRunning, markStopped } from './engine/run-state.ts';
import { Front } from './front/front.ts';
import { Spool } from './front/spool.ts';

/** Requests under way have this long to end by themselves when the process stops; then their queries are killed. */
const drainMs = 5_000;
/** After this long the process ends the hard way; the next start counts an unclean stop. */
const stopMsMax = 20_000;

/**
 * The engine's process. It starts on its parent's `start` message and stops, cleanly, on `stop` and when its parent
 * is gone. Signals are for the parent: Ctrl-C reaches the whole process group, and a service manager's SIGTERM all of a
 * service's processes, while the parent still needs the engine to wind up.
 */
let stop: (() => Promise<void>) | undefined;
let starting = false;
let stopping = false;

process.on('message', (message: ToChild) => {
  if (message.kind === 'start') void begin(message.options);
  else void end();
});
process.on('disconnect', () => void end());
process.on('SIGTERM', () => {
  if (!process.connected) void end();
});
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

async function begin(options: ChildOptions): Promise<void> {
  starting = true;
  try {
    stop = await serve(options);
    if (stopping) await finish();
  } catch (error) {
    const code = error instanceof EmbeddedClickHouseError ? error.code : 'engine_failed';
    const message = error instanceof Error ? error.message : String(error);
    await send({ kind: 'failed', code, message });
    process.exit(1);
  }
}

/** Opens the engine on the folder, listens, says so; returns how to undo it. */
async function serve({
  folder,
  host,
  port,
  users,
  bodyBytesMax,
}: ChildOptions): Promise<() => Promise<void>> {
  const home = resolve(folder);
  mkdirSync(home, { recursive: true });
  const engine = await Engine.open(home);
  const spool = await Spool.open(home);
  const run = markRunning(home, new Date());
  const front = new Front({ engine, spool, run, users, host, bodyBytesMax });
  const close = async () => {
    await front.stop(drainMs);
    await spool.close();
    engine.close();
    markStopped(home, run);
  };
  try {
    await send({ kind: 'ready', port: await front.listen(port), run, version: engine.version });
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

async function end(): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => {
    console.error(`the engine did not stop within ${stopMsMax} ms, ending it the hard way`);
    // process.exit would wait for queries that run.
    process.kill(process.pid, 'SIGKILL');
  }, stopMsMax).unref();
  // A start that is under way finishes first: `begin` then stops what it has started.
  if (stop || !starting) await finish();
}

async function finish(): Promise<void> {
  try {
    await stop?.();
    process.exit(0);
  } catch (error) {
    console.error(`the engine did not stop cleanly: ${error instanceof Error ? error.stack : error}`);
    process.exit(1);
  }
}

function send(message: FromChild): Promise<void> {
  return new Promise((done) => {
    if (!process.connected || !process.send) return done();
    process.send(message, undefined, {}, () => done());
  });
}
