import { readConfig } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { explain } from '../explain/explain.ts';
import { renderExplanation } from '../explain/render-explanation.ts';

const ExplainConfig = z.object({ clickhouse: ClickHouseConfig.prefault({}) });

/** `tripkey explain`: why something was told of, and whether the same rule on the same facts says it again. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('show why a finding, or each finding of an incident, was made, and judge it again')
    .argument('<id>', 'id of an incident or a finding')
    .option('--json', 'print one JSON object a finding')
    .addHelpText(
      'after',
      `
Reads from the ClickHouse that TRIPKEY_CLICKHOUSE__URL names. Exit code 1 when judging again gives other numbers, or
cannot be done.`,
    )
    .action(async (id: string, options: { json?: boolean }) => {
      const config = readConfig(ExplainConfig, process.env);
      await using store = openStore(config.clickhouse);
      const explanations = await explain(store, id);
      const texts = explanations.map((explanation) =>
        options.json ? JSON.stringify(explanation) : `${renderExplanation(explanation)}\n`,
      );
      process.stdout.write(`${texts.join('\n')}\n`);
      if (explanations.some(({ reproduction }) => reproduction.outcome !== 'same')) process.exitCode = 1;
    });
}
