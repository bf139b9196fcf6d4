import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { completionScript } from './completion.ts';

function aProgram(): Command {
  const incidents = new Command('incidents').description('x');
  incidents.command('list').option('--state <s>').option('--json');
  return new Command('tripkey').addCommand(incidents).addCommand(new Command('query'));
}

/** What bash offers for a line. */
function offered(...line: string[]): string[] {
  const script = `${completionScript('bash', aProgram())}
COMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${line.length - 1}; _tripkey; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash completes commands, commands of commands, and their options', () => {
  expect(offered('tripkey', '')).toEqual(['incidents', 'query', '--help']);
  expect(offered('tripkey', 'inc')).toEqual(['incidents']);
  expect(offered('tripkey', 'incidents', '')).toEqual(['list', '--help']);
  expect(offered('tripkey', 'incidents', 'list', '--s')).toEqual(['--state']);
});

test('zsh and fish get every command, too', () => {
  expect(completionScript('zsh', aProgram())).toContain(
    "'tripkey incidents list') words='--state --json --help'",
  );
  expect(completionScript('fish', aProgram())).toContain(
    "complete -c tripkey -f -n '__fish_seen_subcommand_from incidents' -a list",
  );
});
