import type { Archetype } from './archetype.ts';
import { batchClient } from './batch-client.ts';
import { campaign } from './campaign.ts';
import { crmPoller } from './crm-poller.ts';
import { dashboard } from './dashboard.ts';
import { fieldApp } from './field-app.ts';
import { heartbeat } from './heartbeat.ts';
import { monthEnd } from './month-end.ts';
import { nightlyExport } from './nightly-export.ts';
import { relay } from './relay.ts';
import { sparse } from './sparse.ts';
import { webForm } from './web-form.ts';

/** Most common first. */
export const archetypes: readonly Archetype[] = [
  webForm,
  crmPoller,
  relay,
  nightlyExport,
  campaign,
  dashboard,
  sparse,
  batchClient,
  heartbeat,
  monthEnd,
  fieldApp,
];
