/** What kind of network it is decides who uses it: servers, offices, phones, or people who hide. */
export type ProviderKind = 'cloud' | 'office' | 'mobile' | 'hideout';

/** One autonomous system, by a few of its address blocks (the first two bytes). */
export interface Provider {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly country: string;
  readonly blocks: readonly string[];
  /** A /32 of IPv6, where simulated clients use it. */
  readonly block6?: string;
}

const provider = (
  kind: ProviderKind,
  country: string,
  name: string,
  blocks: string,
  block6?: string,
): Provider => ({ name, kind, country, blocks: blocks.split(' '), ...(block6 ? { block6 } : {}) });

export const providers: readonly Provider[] = [
  provider('cloud', 'DE', 'aws-frankfurt', '3.122 18.196 35.158 52.59'),
  provider('cloud', 'US', 'aws-virginia', '3.88 34.204 54.165 44.210'),
  provider('cloud', 'IE', 'aws-dublin', '34.240 52.18 54.76'),
  provider('cloud', 'NL', 'gcp-europe', '34.90 35.204'),
  provider('cloud', 'US', 'gcp-iowa', '34.66 35.192'),
  provider('cloud', 'NL', 'azure-west-europe', '20.61 20.86 20.101 51.124'),
  provider('cloud', 'US', 'azure-east', '20.25 20.106 52.186'),
  provider('cloud', 'DE', 'hetzner', '88.198 116.203 159.69', '2a01:4f8'),
  provider('cloud', 'FR', 'ovh', '46.105 91.121 188.165', '2001:41d0'),
  provider('cloud', 'US', 'digitalocean', '137.184', '2604:a880'),
  provider('cloud', 'AU', 'aws-sydney', '13.54 52.62'),
  provider('cloud', 'IN', 'aws-mumbai', '13.126 65.0'),
  provider('cloud', 'BR', 'aws-sao-paulo', '18.228 54.94'),
  provider('office', 'DE', 'telekom', '80.153 87.138 91.13'),
  provider('office', 'DE', 'vodafone-de', '88.79 178.15'),
  provider('office', 'US', 'comcast', '50.201 73.12 96.80'),
  provider('office', 'US', 'verizon', '71.190 100.14'),
  provider('office', 'GB', 'bt', '81.130 86.188'),
  provider('office', 'GB', 'virgin', '82.12 80.4'),
  provider('office', 'FR', 'orange', '90.80 86.245'),
  provider('office', 'IN', 'airtel', '122.160 182.68'),
  provider('office', 'AU', 'telstra', '101.160 120.151'),
  provider('office', 'BR', 'vivo', '177.33 189.20'),
  provider('mobile', 'DE', 'telekom-mobile', '80.187 109.40'),
  provider('mobile', 'US', 't-mobile', '172.56 172.58'),
  provider('mobile', 'GB', 'ee', '92.40 31.94'),
  provider('mobile', 'FR', 'bouygues', '176.150 37.165'),
  provider('mobile', 'IN', 'jio', '49.36 157.35'),
  provider('mobile', 'AU', 'optus', '49.180 106.68'),
  provider('mobile', 'BR', 'claro', '179.240 191.56'),
  provider('hideout', 'US', 'linode', '45.33 172.104'),
  provider('hideout', 'US', 'vultr', '45.76 144.202'),
  provider('hideout', 'DE', 'contabo', '161.97 62.171'),
  provider('hideout', 'RO', 'm247-vpn', '37.120 146.70'),
  provider('hideout', 'NL', 'leaseweb', '85.17 95.211'),
  provider('hideout', 'SE', 'mullvad', '45.83 193.138'),
  provider('hideout', 'RU', 'rostelecom', '95.24 188.254'),
  provider('hideout', 'VN', 'vnpt', '14.161 113.161'),
  provider('hideout', 'ID', 'telkom', '36.72 180.244'),
  provider('hideout', 'TR', 'turk-telekom', '78.160 88.224'),
  provider('hideout', 'NG', 'mtn-nigeria', '105.112 197.210'),
  provider('hideout', 'CN', 'chinanet', '36.110 58.32'),
  provider('hideout', 'UA', 'kyivstar', '46.211 37.73'),
];

/** Providers of a kind, those of a country first choice; without one there, all of the kind. */
export function providersOf(kind: ProviderKind, country?: string): readonly Provider[] {
  const ofKind = providers.filter((entry) => entry.kind === kind);
  const near = ofKind.filter((entry) => entry.country === country);
  return near.length > 0 ? near : ofKind;
}
