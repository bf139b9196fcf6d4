import type { AuditTrail } from '@tripkey/alerter';
import type { Clock } from '@tripkey/service-kit';
import type { Caller } from './caller.ts';

/** Puts on record who came in, who was given access, and who asked what. */
export class AccessRecord {
  readonly #trail: AuditTrail;
  readonly #clock: Clock;

  constructor(trail: AuditTrail, clock: Clock) {
    this.#trail = trail;
    this.#clock = clock;
  }

  /**
   * @param kind what happened, such as `token_created`
   * @param data ids and words; never a secret
   * @throws when it could not be written: what has to be on record is not done without it
   */
  async write(
    kind: string,
    caller: Pick<Caller, 'id' | 'name'>,
    data: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const at = this.#clock.now();
    const said = JSON.stringify({ ...data, name: caller.name });
    this.#trail.add([{ at, kind, actor: caller.id, incident_id: '', incident_seq: 0, data: said }]);
    await this.#trail.flush();
  }
}
