import { Command } from 'commander';
import { incidentsCommand } from './api/incidents-command.ts';
import { queryCommand } from './api/query-command.ts';
import { rulesCommand } from './api/rules-command.ts';
import { auditCommand } from './commands/audit.ts';
import { backtestCommand } from './commands/backtest.ts';
import { backupCommand, restoreCommand } from './commands/backup.ts';
import { budgetCommand } from './commands/budget.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { dlqCommand } from './commands/dlq.ts';
import { doctorCommand } from './commands/doctor.ts';
import { drillCommand } from './commands/drill.ts';
import { eraseCommand } from './commands/erase.ts';
import { explainCommand } from './commands/explain.ts';
import { issuerCommand } from './commands/issuer.ts';
import { keysCommand } from './commands/keys.ts';
import { lessonsCommand } from './commands/lessons.ts';
import { migrateCommand } from './commands/migrate.ts';
import { policyCommand } from './commands/policy.ts';
import { scoreSeriesCliCommand } from './commands/score-series.ts';
import { silenceCommand } from './commands/silence.ts';
import { simulateCliCommand } from './commands/simulate.ts';
import { slackCommand } from './commands/slack.ts';
import { startCommand } from './commands/start.ts';
import { streamsCommand } from './commands/streams.ts';
import { tokensCommand } from './commands/tokens.ts';
import { verifyCommand } from './commands/verify.ts';

/** Every command, its options and its help. */
export function createProgram(): Command {
  const program = new Command('tripkey')
    .description('A tripwire for API keys')
    .showHelpAfterError('(tripkey --help tells more)')
    .exitOverride()
    .addCommand(startCommand())
    .addCommand(incidentsCommand())
    .addCommand(queryCommand())
    .addCommand(rulesCommand())
    .addCommand(tokensCommand())
    .addCommand(completionCommand())
    .addCommand(simulateCliCommand())
    .addCommand(backtestCommand())
    .addCommand(calibrateCommand())
    .addCommand(scoreSeriesCliCommand())
    .addCommand(explainCommand())
    .addCommand(issuerCommand())
    .addCommand(keysCommand())
    .addCommand(dlqCommand())
    .addCommand(streamsCommand())
    .addCommand(verifyCommand())
    .addCommand(policyCommand())
    .addCommand(budgetCommand())
    .addCommand(lessonsCommand())
    .addCommand(silenceCommand())
    .addCommand(slackCommand())
    .addCommand(drillCommand())
    .addCommand(auditCommand())
    .addCommand(migrateCommand())
    .addCommand(configCommand())
    .addCommand(doctorCommand())
    .addCommand(backupCommand())
    .addCommand(restoreCommand())
    .addCommand(eraseCommand());
  for (const command of program.commands) command.exitOverride();
  return program;
}
