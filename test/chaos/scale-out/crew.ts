import { writeFileSync } from 'node:fs';
import { createEmulator } from 'emulate';
import { SlackChannel } from '../alerter/slack-channel.ts';
import type { Plant } from '../ingest/plant.ts';
import { ServiceProcess } from '../service-process.ts';
import { OwnNetwork } from './own-network.ts';

const channel = 'sec-alerts';
const kinds = ['ingest', 'detector', 'alerter'] as const;
export type Kind = (typeof kinds)[number];

/** A member, and the network that it can be cut off in; null where there are no own networks. */
export interface Member {
  readonly kind: Kind;
  readonly name: string;
  readonly process: ServiceProcess;
  readonly network: OwnNetwork | null;
}

/**
 * Two members of each service, of which one has a network of its own where the system has them, on one Kafka and one
 * ClickHouse, with an emulated Slack. The plant has no members then.
 */
export class Crew implements AsyncDisposable {
  readonly slack: SlackChannel;
  readonly members: Member[] = [];
  readonly #plant: Plant;
  readonly #config: string;
  readonly #ports: readonly number[];
  readonly #opened = new AsyncDisposableStack();
  #number = 0;

  private constructor(plant: Plant, slackUrl: string) {
    this.#plant = plant;
    this.#config = `${plant.folder}/crew.yaml`;
    this.slack = new SlackChannel(slackUrl, channel);
    const port = (url: string) => Number(new URL(url).port);
    const brokers = plant.kafka.brokers.map((broker) => Number(broker.split(':')[1]));
    this.#ports = [...brokers, port(plant.engine.url), port(slackUrl)];
    writeFileSync(this.#config, JSON.stringify(configuration(plant, slackUrl)));
  }

  /** @param ownNetworks whether one member of each service gets a network of its own */
  static async start(plant: Plant, ownNetworks: boolean): Promise<Crew> {
    const slack = await createEmulator({
      service: 'slack',
      port: 0,
      seed: { slack: { team: { name: 'Crew', domain: 'crew' }, channels: [{ name: channel }] } },
    });
    const crew = new Crew(plant, slack.url);
    crew.#opened.defer(() => slack.close());
    for (const kind of kinds) {
      await crew.add(kind, false);
      await crew.add(kind, ownNetworks);
    }
    return crew;
  }

  /** Starts one more member. */
  async add(kind: Kind, ownNetwork = false): Promise<Member> {
    const { folder } = this.#plant;
    const name = `${kind}-${this.#number++}`;
    const network = ownNetwork ? this.#opened.use(await OwnNetwork.open(name, this.#ports, folder)) : null;
    const log = `${folder}/${name}.log`;
    const process = new ServiceProcess(kind, { TRIPKEY_CONFIG: this.#config }, log, network?.within ?? []);
    const member = { kind, name, process, network };
    this.members.push(member);
    return member;
  }

  /** Ends a member as an orchestrator does that needs fewer. */
  async remove(member: Member): Promise<void> {
    this.members.splice(this.members.indexOf(member), 1);
    await member.process.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map(({ process }) => process.close()));
    await this.#opened.disposeAsync();
  }
}

/** Shards that keys are shared by; one more watches the fleet. */
export const crewShards = 2;

/** Short sessions and leases, so that much happens in little time, and no digests: each incident has its message. */
function configuration(plant: Plant, slackUrl: string): object {
  return {
    kafka: { brokers: plant.kafka.brokers, sessionTimeoutMs: 6_000 },
    clickhouse: { url: plant.engine.url, requestTimeoutMs: 10_000 },
    pipeline: { pepper: 'made up for this measurement' },
    batch: { rowsMax: 1_000, ageMsMax: 300 },
    detector: { shards: crewShards, leaseMs: 3_000, tickMs: 1_000 },
    health: { port: 0 },
    slack: {
      ...{ token: 'xoxb-crew', channel, apiUrl: `${slackUrl}/api/` },
      ...{ postsPerSecond: 10, callsPerSecond: 10, digestAbove: 1_000_000 },
    },
  };
}
