import { readWorkspaces } from '../architecture/workspaces.ts';

/** A metric as the code declares it. */
export interface DeclaredMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
  /** Who has it: a folder below `services` or `packages`. */
  readonly owner: string;
}

const declaration =
  /\.(counter|gauge|histogram)\(\s*'(tripkey_\w+)',\s*((?:'(?:[^'\\]|\\.)*'[\s+]*)+)([^;]*?)\)[,;]?\n/g;

/** Every metric in the sources of services and packages, by name. */
export function metricsOfCode(): DeclaredMetric[] {
  const found = new Map<string, DeclaredMetric>();
  for (const { folder, files } of readWorkspaces())
    for (const { text } of files.filter((file) => !file.isTest))
      for (const [, type, name = '', help = '', rest = ''] of text.matchAll(declaration)) {
        const labels = /\[((?:\s*'\w+',?)+)\s*\]/.exec(rest)?.[1] ?? '';
        found.set(name, {
          ...{ name, type: type as DeclaredMetric['type'], owner: folder.split('/')[1]! },
          labels: [...labels.matchAll(/'(\w+)'/g)].map((match) => match[1]!),
          help: [...help.matchAll(/'((?:[^'\\]|\\.)*)'/g)]
            .map((match) => match[1]!.replaceAll("\\'", "'"))
            .join(''),
        });
      }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** How often sources name a metric that is declared, in any way; to notice one that the pattern above does not see. */
export function metricNamesInCode(): string[] {
  const texts = readWorkspaces()
    .filter(({ folder }) => folder !== 'test' && folder !== 'services/console')
    .flatMap(({ files }) => files.filter(({ isTest }) => !isTest).map(({ text }) => text));
  return [
    ...new Set(
      texts.flatMap((text) => [...text.matchAll(/'(tripkey_[a-z_]+_\w+)'/g)].map((match) => match[1]!)),
    ),
  ];
}
