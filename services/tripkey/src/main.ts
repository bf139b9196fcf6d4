import { constants } from 'node:os';
import { ConfigError } from '@tripkey/service-kit';
import { CommanderError } from 'commander';
import { ApiRefusedError } from './api/api-client.ts';
import { createProgram } from './program.ts';
import { endProgress } from './progress.ts';
import { UsageError } from './usage-error.ts';

// The CLI. Exit codes: 0 done, 1 it failed or what it checked did not hold, 2 it was called wrongly.
// Whoever reads the output may stop, as head does: that is no fault of ours, but not all was said.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
});
try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  endProgress();
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof UsageError || error instanceof ConfigError) {
    process.stderr.write(`tripkey: ${error.message}\n`);
    process.exitCode = 2;
  } else if (error instanceof ApiRefusedError) {
    process.stderr.write(`tripkey: ${error.message}\n`);
    process.exitCode = 1;
  } else {
    process.stderr.write(
      `tripkey: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
