import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { freePorts } from './free-port.ts';
import { type KafkaLine, kafkaJars } from './kafka-jars.ts';

/** A broker of our own that tests may kill. */
export interface KafkaBroker extends AsyncDisposable {
  readonly brokers: readonly string[];
  /** SIGKILL; resolves when the process is gone. */
  kill9(): Promise<void>;
  /** Starts again on the same data and port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const startMsMax = 180_000;
/** Any cluster id will do; a fixed one saves starting a JVM to make it. */
const clusterId = 'dHJpcGtleS10ZXN0LWtmaw';

/** What a broker may have besides the plain listener that the harness talks to. */
export interface BrokerOptions {
  /** Listeners on 127.0.0.1 besides, by name: `{ MTLS: { protocol: 'SSL', port: 12345 } }`. */
  readonly listeners?: Readonly<Record<string, { protocol: string; port: number }>>;
  /** Lines of server.properties besides. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** Arguments of `StorageTool format` besides, such as `--add-scram`. */
  readonly formatArguments?: readonly string[];
}

/** Starts one real Kafka (broker and controller in one process) on loopback, its data in `folder`. */
export async function startKafkaBroker(
  folder: string,
  line: KafkaLine = '4.1',
  options: BrokerOptions = {},
): Promise<KafkaBroker> {
  const jars = kafkaJars(line);
  const [port = 0, controllerPort = 0] = await freePorts(2);
  mkdirSync(folder, { recursive: true });
  const properties = `${folder}/server.properties`;
  writeFileSync(properties, serverProperties(folder, port, controllerPort, options));
  writeFileSync(`${folder}/log4j2.properties`, log4j2);
  writeFileSync(`${folder}/log4j.properties`, log4j);
  const javaArguments = [
    `-Dlog4j2.configurationFile=${folder}/log4j2.properties`,
    `-Dlog4j.configuration=file:${folder}/log4j.properties`,
    '-cp',
    `${jars}/*`,
  ];
  if (!existsSync(`${folder}/data/meta.properties`))
    format(javaArguments, properties, options.formatArguments);

  let child: ChildProcess | null = null;
  let endWatch: () => void = () => {};
  const start = async () => {
    const log = openSync(`${folder}/broker.log`, 'a');
    const started = spawn(
      'java',
      [
        '-Xms256m',
        '-Xmx512m',
        '-XX:+UseSerialGC',
        '-Djava.awt.headless=true',
        ...javaArguments,
        'kafka.Kafka',
        properties,
      ],
      { stdio: ['ignore', log, log] },
    );
    closeSync(log);
    child = started;
    endWatch = killWhenWeAreGone(started);
    try {
      await listening(port, started, () => readFileSync(`${folder}/broker.log`, 'utf8').slice(-3_000));
    } catch (error) {
      await end('SIGKILL');
      throw error;
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = null;
    endWatch();
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await gone;
  };

  await start();
  return {
    brokers: [`127.0.0.1:${port}`],
    kill9: () => end('SIGKILL'),
    restart: start,
    close: () => end('SIGTERM'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

function format(javaArguments: readonly string[], properties: string, more: readonly string[] = []): void {
  const formatted = spawnSync(
    'java',
    [
      '-Xmx128m',
      ...javaArguments,
      'kafka.tools.StorageTool',
      'format',
      '--ignore-formatted',
      '-t',
      clusterId,
      '-c',
      properties,
      ...more,
    ],
    { encoding: 'utf8' },
  );
  if (formatted.status !== 0)
    throw new Error(`Kafka's storage cannot be formatted:\n${formatted.stdout}${formatted.stderr}`);
}

/**
 * The broker must not outlive the tests, also when they are killed and cannot clean up: a shell that waits for the end
 * of its input, which comes with the end of this process, kills it then.
 * @returns what ends the watch; to be called before the broker ends by other means, since its pid is free then.
 */
function killWhenWeAreGone({ pid }: ChildProcess): () => void {
  // Detached: Ctrl-C in a terminal reaches the whole group, and would end the watch first.
  const shell = spawn('sh', ['-c', `cat >/dev/null; kill -9 ${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  (shell.stdin as Socket).unref();
  return () => {
    if (shell.exitCode === null && shell.signalCode === null) process.kill(-shell.pid!, 'SIGKILL');
  };
}

/** Resolves when the port takes connections. @throws when the process ends before, or takes too long. */
async function listening(port: number, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = performance.now() + startMsMax;
  while (!(await answers(port))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`Kafka ended while starting:\n${log()}`);
    if (performance.now() > deadline) throw new Error(`Kafka does not answer on port ${port}:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function serverProperties(
  folder: string,
  port: number,
  controllerPort: number,
  { listeners = {}, properties = {} }: BrokerOptions,
): string {
  const more = Object.entries(listeners).map(([name, { protocol, port }]) => ({
    address: `,${name}://127.0.0.1:${port}`,
    protocol: `,${name}:${protocol}`,
  }));
  const addresses = more.map(({ address }) => address).join('');
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${addresses}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${addresses}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT${more.map(({ protocol }) => protocol).join('')}`,
    'log.dirs': `${folder}/data`,
    'auto.create.topics.enable': false,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    ...properties,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const log4j2 = `appender.out.type=Console
appender.out.name=OUT
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c)%n
rootLogger.level=WARN
rootLogger.appenderRef.out.ref=OUT
`;

const log4j = `log4j.rootLogger=WARN, OUT
log4j.appender.OUT=org.apache.log4j.ConsoleAppender
log4j.appender.OUT.layout=org.apache.log4j.PatternLayout
log4j.appender.OUT.layout.ConversionPattern=%d %p %m (%c)%n
`;
