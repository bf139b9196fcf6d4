import { clickHouseKillSwitch } from '@tripkey/alerter';
import type { Policy } from '@tripkey/contract/api';
import type { AnswerParts } from './answer-parts.ts';
import { isoOrNull } from './times.ts';

/** Whether automatic response is off: by the configuration, or by whoever turned the switch last. */
export async function readKillSwitch({
  store,
  config,
}: Pick<AnswerParts, 'store' | 'config'>): Promise<Policy['kill_switch']> {
  const state = await clickHouseKillSwitch(store).state();
  if (config.response.killSwitch && !state?.isOn)
    return { on: true, by: 'configuration', reason: 'response.killSwitch is set', at: null };
  return {
    on: state?.isOn ?? false,
    by: state?.by ?? '',
    reason: state?.reason ?? '',
    at: isoOrNull(state?.at ?? 0),
  };
}
