import { ConfigError } from './config.ts';

/**
 * Runs a process's main function. An error ends the process: exit code 2 when the configuration is at fault (every
 * fault on its own line), 1 otherwise.
 */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 2;
      return;
    }
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}
