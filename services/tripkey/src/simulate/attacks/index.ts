import type { Attack } from './attack.ts';
import { copycat } from './copycat.ts';
import { dormantReuse } from './dormant-reuse.ts';
import { enumeration } from './enumeration.ts';
import { exfilBytes } from './exfil-bytes.ts';
import type { AttackKind } from './kinds.ts';
import { leakScrape } from './leak-scrape.ts';
import { lowAndSlow } from './low-and-slow.ts';
import { methodShift } from './method-shift.ts';
import { newKeyStolen } from './new-key-stolen.ts';
import { offHours } from './off-hours.ts';
import { predecessorReuse } from './predecessor-reuse.ts';
import { privProbe } from './priv-probe.ts';
import { recon } from './recon.ts';
import { revokedReuse } from './revoked-reuse.ts';
import { scopeHole } from './scope-hole.ts';
import { silence } from './silence.ts';
import { slowRamp } from './slow-ramp.ts';
import { sourceFanout } from './source-fanout.ts';
import { stuffing } from './stuffing.ts';
import { volumeSpike } from './volume-spike.ts';
import { workflowAbuse } from './workflow-abuse.ts';

export const attacks: Readonly<Record<AttackKind, Attack>> = {
  'leak-scrape': leakScrape,
  'low-and-slow': lowAndSlow,
  recon: recon,
  'priv-probe': privProbe,
  'scope-hole': scopeHole,
  enumeration: enumeration,
  'dormant-reuse': dormantReuse,
  'revoked-reuse': revokedReuse,
  'exfil-bytes': exfilBytes,
  'volume-spike': volumeSpike,
  'slow-ramp': slowRamp,
  silence: silence,
  stuffing: stuffing,
  'source-fanout': sourceFanout,
  'new-key-stolen': newKeyStolen,
  'off-hours': offHours,
  'predecessor-reuse': predecessorReuse,
  'method-shift': methodShift,
  'workflow-abuse': workflowAbuse,
  copycat: copycat,
};
