import { writeFileSync } from 'node:fs';
import { createEmulator } from 'emulate';
import { SlackChannel } from '../chaos/alerter/slack-channel.ts';
import type { Plant } from '../chaos/ingest/plant.ts';
import { ServiceProcess } from '../chaos/service-process.ts';

const channel = 'sec-alerts';

/** What turns a plant into the whole of Tripkey: a detector and alerters in processes of their own, and a Slack. */
export class Watchers implements AsyncDisposable {
  readonly detector: ServiceProcess;
  readonly alerters: readonly ServiceProcess[];
  readonly slack: SlackChannel;
  readonly #closeSlack: () => Promise<void>;

  private constructor(plant: Plant, slackUrl: string, closeSlack: () => Promise<void>) {
    const config = `${plant.folder}/watchers.yaml`;
    writeFileSync(config, JSON.stringify(configuration(plant, slackUrl)));
    const start = (service: string, name: string) =>
      new ServiceProcess(service, { TRIPKEY_CONFIG: config }, `${plant.folder}/${name}.log`);
    this.detector = start('detector', 'detector');
    this.alerters = [start('alerter', 'alerter-0'), start('alerter', 'alerter-1')];
    this.slack = new SlackChannel(slackUrl, channel);
    this.#closeSlack = closeSlack;
  }

  static async start(plant: Plant): Promise<Watchers> {
    const emulator = await createEmulator({
      service: 'slack',
      port: 0,
      seed: { slack: { team: { name: 'Whole', domain: 'whole' }, channels: [{ name: channel }] } },
    });
    return new Watchers(plant, emulator.url, () => emulator.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.detector, ...this.alerters].map((service) => service.close()));
    await this.#closeSlack();
  }
}

/** As by default, but for addresses and ports. */
function configuration(plant: Plant, slackUrl: string): object {
  return {
    kafka: { brokers: plant.kafka.brokers },
    clickhouse: { url: plant.engine.url },
    health: { port: 0 },
    slack: { token: 'xoxb-whole', channel, apiUrl: `${slackUrl}/api/` },
  };
}
