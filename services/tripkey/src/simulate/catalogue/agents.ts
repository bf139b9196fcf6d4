import type { Random } from '../random/random.ts';

/** A client library or product: how it names itself, `#` standing for the version. */
export interface Agent {
  readonly pattern: string;
  readonly versions: readonly string[];
}

const agent = (pattern: string, ...versions: string[]): Agent => ({ pattern, versions });

export const agents = {
  browser: agent(
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/#.0.0.0 Safari/537.36',
    '138',
    '139',
    '140',
  ),
  safari: agent(
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/# Safari/605.1.15',
    '18.4',
    '18.5',
  ),
  formWidget: agent('LeadWidget/#', '3.8.1', '3.9.0', '4.0.0'),
  wordpress: agent('WordPress/#; https://shop.example', '6.7.2', '6.8', '6.8.1'),
  salesforce: agent('SFDC-Callout/#', '62.0', '63.0', '64.0'),
  hubspot: agent('HubSpot-Sync/#', '5.1', '5.2'),
  crmSync: agent('crm-bridge/# (+sync)', '2.14.0', '2.15.1', '2.16.0'),
  mailer: agent('CampaignRunner/#', '7.2.4', '7.3.0'),
  zapier: agent('Zapier', '1'),
  make: agent('Make/#', '1.0', '1.1'),
  n8n: agent('n8n/#', '1.88.0', '1.92.2', '1.97.0'),
  requests: agent('python-requests/#', '2.31.0', '2.32.3', '2.32.4'),
  httpx: agent('python-httpx/#', '0.27.2', '0.28.1'),
  axios: agent('axios/#', '1.7.9', '1.8.4', '1.9.0'),
  undici: agent('node', '24'),
  go: agent('Go-http-client/#', '1.1', '2.0'),
  okhttp: agent('okhttp/#', '4.12.0', '5.0.0'),
  java: agent('Java-http-client/#', '17.0.12', '21.0.7'),
  guzzle: agent('GuzzleHttp/#', '7'),
  dotnet: agent('LeadLoader/# (.NET)', '1.4.0', '1.5.2'),
  spark: agent('Apache-HttpClient/#', '4.5.14', '5.4.3'),
  monitor: agent('UptimeProbe/#', '2.0', '2.1'),
  fieldApp: agent('FieldSales/# (iOS; iPhone)', '9.3.1', '9.4.0', '10.0.0'),
  curl: agent('curl/#', '8.5.0', '8.7.1', '8.14.1'),
  postman: agent('PostmanRuntime/#', '7.43.0', '7.44.1'),
  aiohttp: agent('Python/3.12 aiohttp/#', '3.9.5', '3.11.18'),
} as const satisfies Record<string, Agent>;

export type AgentName = keyof typeof agents;

/** The full user agent of one version; versions beyond the known ones give the last. */
export function userAgent(name: AgentName, version: number): string {
  const { pattern, versions } = agents[name];
  return pattern.replace('#', versions[Math.min(version, versions.length - 1)]!);
}

/** Some version that is in use, and its index. */
export function anyVersion(random: Random, name: AgentName): number {
  return random.int(0, Math.max(0, agents[name].versions.length - 2));
}

/** What intruders use when they do not copy the owner. */
export const intruderAgents: readonly AgentName[] = [
  'curl',
  'requests',
  'httpx',
  'aiohttp',
  'go',
  'axios',
  'postman',
];
