import { ConfigError, numeric, readYamlFile, textList } from '@tripkey/service-kit';
import * as z from 'zod';
import { Mapping } from './formats/mapping.ts';
import { formatNames } from './formats/read-format.ts';
import type { PipelineParts } from './pipeline.ts';

const Format = z.enum(formatNames);
const positive = () => numeric().int().positive();

/** What the pipeline needs to know; also part of the all-in-one process's configuration. */
export const PipelineConfig = z.object({
  pepper: z
    .string()
    .min(16)
    .describe('secret of this installation, from 16 characters; what looks like a secret is hashed with it'),
  ipDatabases: textList()
    .default([])
    .describe('mmdb files with country and autonomous system; none: the one that is installed, country only'),
  ageDaysMax: positive().default(400).describe('older events are rejected'),
  format: Format.default('auto').describe('how gateways write events'),
  formats: z.record(z.string(), Format).default({}).describe('the same for single topics: topic to format'),
  mappingFile: z
    .string()
    .optional()
    .describe('YAML or JSON file that says where the format `mapping` finds its fields'),
  routesMax: positive()
    .default(2_000)
    .describe('different routes of one service; what goes beyond is put together'),
});
export type PipelineConfig = z.infer<typeof PipelineConfig>;

/**
 * What the pipeline is to do with messages, as configured.
 * @throws {ConfigError} when the mapping is missing or cannot be used
 */
export function pipelineOptions(
  config: Omit<PipelineConfig, 'pepper' | 'ipDatabases'>,
): Pick<PipelineParts, 'ageDaysMax' | 'format' | 'formats' | 'mapping' | 'routesMax'> {
  const { ageDaysMax, format, formats, mappingFile, routesMax } = config;
  const options = { ageDaysMax, format, formats, routesMax };
  if (mappingFile !== undefined) return { ...options, mapping: readMapping(mappingFile) };
  if ([format, ...Object.values(formats)].includes('mapping')) {
    throw new ConfigError('pipeline.mappingFile: the format "mapping" needs one');
  }
  return options;
}

function readMapping(path: string): Mapping {
  const parsed = Mapping.safeParse(readYamlFile(path));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) => `  - ${issue.path.join('.') || '(top)'}: ${issue.message}`,
  );
  throw new ConfigError(`${path} is no mapping:\n${faults.join('\n')}`);
}
