import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const kafkaFolder = fileURLToPath(new URL('../kafka/', import.meta.url));

/** Lines of Kafka that the tests can run: 4 is the default, 3.9 takes the old protocol of some gateway plug-ins. */
export type KafkaLine = '4.1' | '3.9';

/** Oldest Java that runs Kafka 4. */
const javaMin = 17;

/** Why no broker can be started from jars here, or null when one can. */
export function jarsUnavailable(line: KafkaLine = '4.1'): string | null {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (java.error || java.status !== 0) return 'there is no java on the PATH';
  // It writes to standard error: openjdk version "21.0.4" 2024-07-16
  const version = Number(/version "(\d+)/.exec(java.stderr)?.[1]);
  if (version < javaMin) return `the java on the PATH is ${version}, Kafka needs ${javaMin}`;
  if (existsSync(jarsFolder(line))) return null;
  const maven = spawnSync('mvn', ['--version'], { stdio: 'ignore' });
  return maven.error || maven.status !== 0 ? 'there is no mvn on the PATH to fetch its jars' : null;
}

/**
 * The folder with the broker's jars, fetched by Maven the first time. Fetched beside and renamed, so that a run that
 * was cut off, or two at once, leave no half-filled folder.
 * @throws when Maven fails, with its output.
 */
export function kafkaJars(line: KafkaLine): string {
  const jars = jarsFolder(line);
  if (existsSync(jars)) return jars;
  const beside = `${jars}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  const maven = spawnSync(
    'mvn',
    ['-B', '-q', `-Dkafka.line=${line}`, `-DoutputDirectory=${beside}`, 'dependency:copy-dependencies'],
    { cwd: kafkaFolder, encoding: 'utf8' },
  );
  if (maven.status !== 0 || !readdirSync(beside).some((file) => file.startsWith('kafka_2.13-'))) {
    rmSync(beside, { recursive: true, force: true });
    throw new Error(`Maven could not fetch Kafka's jars:\n${maven.stdout}${maven.stderr}`);
  }
  try {
    renameSync(beside, jars);
  } catch (error) {
    // Somebody else was quicker; theirs is as good.
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(jars)) throw error;
  }
  return jars;
}

function jarsFolder(line: KafkaLine): string {
  return `${kafkaFolder}target/jars-${line}`;
}
