import { Argument, Command } from 'commander';

/** `tripkey completion`: what makes a shell complete the commands of this release. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print a script that makes your shell complete commands and options')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Examples:
  source <(tripkey completion bash)
  tripkey completion zsh > ~/.zsh/completions/_tripkey
  tripkey completion fish > ~/.config/fish/completions/tripkey.fish`,
    )
    .action((shell: string, _options: object, command: Command) => {
      process.stdout.write(completionScript(shell, command.parent!));
    });
}

/** The words that may follow each beginning of a command line, by the beginning. */
export function completionWords(program: Command, path = 'tripkey'): ReadonlyMap<string, readonly string[]> {
  const own = [
    ...program.commands.map((command) => command.name()),
    ...program.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => (long ? [long] : [])),
    '--help',
  ];
  return new Map([
    [path, own],
    ...program.commands.flatMap((command) => [...completionWords(command, `${path} ${command.name()}`)]),
  ]);
}

/** @param shell bash, zsh or fish */
export function completionScript(shell: string, program: Command): string {
  const words = [...completionWords(program)];
  if (shell === 'fish') {
    const lines = words.flatMap(([path, own]) => {
      const [, ...parts] = path.split(' ');
      const seen = parts.map((part) => `__fish_seen_subcommand_from ${part}`).join('; and ');
      return own.map((word) =>
        word.startsWith('--')
          ? `complete -c tripkey -n '${seen || 'true'}' -l ${word.slice(2)}`
          : `complete -c tripkey -f -n '${seen || '__fish_use_subcommand'}' -a ${word}`,
      );
    });
    return `${lines.join('\n')}\n`;
  }
  const cases = words.map(([path, own]) => `    '${path}') words='${own.join(' ')}' ;;`).join('\n');
  const load = shell === 'zsh' ? '#compdef tripkey\nautoload -U +X bashcompinit && bashcompinit\n' : '';
  return `${load}_tripkey() {
  local line=tripkey words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || line="$line $word"; done
  case "$line" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _tripkey tripkey
`;
}
