import { readConfig } from '@tripkey/service-kit';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { checkConfig, redacted } from '../configuration/check-config.ts';
import { configSchema } from '../configuration/config-schema.ts';
import { type ServiceName, serviceConfigs, serviceNames } from '../configuration/service-configs.ts';
import { UsageError } from '../usage-error.ts';

/** `tripkey config check|print|schema`: the configuration, before anything is started with it. */
export function configCommand(): Command {
  const config = new Command('config').description('the configuration of the services');
  config
    .command('check')
    .description('check what TRIPKEY_CONFIG and the environment say, as every service would')
    .option('--service <name>', `only as this one would: ${serviceNames.join(', ')}`)
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Example:
  TRIPKEY_CONFIG=tripkey.yaml tripkey config check --service ingest

Says every fault at once, and never a value. Exit code 1 when there is one.`,
    )
    .action((options: { service?: string; json?: boolean }) => {
      const report = checkConfig(process.env, options.service ? [known(options.service)] : serviceNames);
      const lines = [
        ...report.general,
        ...Object.entries(report.services).flatMap(([name, faults]) =>
          faults.map((fault) => `${name}: ${fault}`),
        ),
        report.ok ? 'The configuration can be used.' : 'The configuration cannot be used.',
      ];
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${lines.join('\n')}\n`);
      if (!report.ok) process.exitCode = 1;
    });
  config
    .command('print')
    .description('print what a service goes by: file, environment and defaults; secrets are shown as [set]')
    .argument('<service>', serviceNames.join(', '))
    .option('--json', 'print it as JSON')
    .action((name: string, options: { json?: boolean }) => {
      const effective = redacted(readConfig(serviceConfigs[known(name)], process.env));
      process.stdout.write(options.json ? `${JSON.stringify(effective)}\n` : stringify(effective));
    });
  config
    .command('schema')
    .description('print the JSON Schema of the file, for editors')
    .action(() => void process.stdout.write(`${JSON.stringify(configSchema(), null, 2)}\n`));
  return config;
}

function known(name: string): ServiceName {
  if (Object.hasOwn(serviceConfigs, name)) return name as ServiceName;
  throw new UsageError(`there is no service ${name}; there are ${serviceNames.join(', ')}`);
}
