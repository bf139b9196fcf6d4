import type { EndpointUse } from './facts.ts';

/** Parts of routes behind which keys, people, money or whole tables lie. */
const sensitiveRoute =
  /api[-_]?keys?|tokens?|secrets?|admin|audit|permissions?|roles?|exports?|users?|billing|webhooks?/i;

/** How much a first use of an endpoint weighs: reads 1, writes more, sensitive resources more, both most. */
export function sensitivityOf(endpoint: EndpointUse): number {
  const sensitive = sensitiveRoute.test(endpoint.route);
  return 1 + (isWrite(endpoint.method) ? 0.25 : 0) + (sensitive ? 0.5 : 0);
}

/** What gets hold of credentials, sessions or another identity, even by reading. */
const credentials =
  / (credentials?|passwords?|passwd|secrets?|tokens?|logins?|mfa|sessions?|certificates?|assume|impersonate|federation|whoami|caller identity|(api|access|ssh|signing|private|public) keys?|key pairs?|ssm (get|describe) parameters?) /;
/** What changes who may do what. */
const permissions =
  / (iam|permissions?|polic(y|ies)|roles?|grants?|scopes?|admins?|trust|acls?|ingress|invitations?|replication|leave organization) /;
/** What runs something, or gives data away in one go. */
const execution =
  / (send command|invoke|execute|run instances|serial console|create function|(image|snapshot|function|instance) (attribute|code|configuration)|exports?) /;
/** What watches, and how it is switched off. */
const watching =
  / (audit|trails?|cloudtrail|guardduty|logging|logs?|monitors?|monitoring|alarms?|detectors?|recorders?|guard) /;
const switchingOff =
  / (delete|stop|disable|remove|leave|suspend|update (detector|trail)|put event selectors) /;

/**
 * Whether somebody who took a key over would be after an endpoint, by the words of its route. After the tactics of
 * MITRE ATT&CK for cloud: credential access, persistence and privilege escalation, execution, exfiltration, defense
 * evasion.
 */
export function isSensitive(method: string, route: string): boolean {
  const words = wordsOf(route);
  if (credentials.test(words)) return true;
  if (!isWrite(method)) return false;
  if (permissions.test(words) || execution.test(words)) return true;
  return watching.test(words) && (method === 'DELETE' || switchingOff.test(words));
}

/** The words of a route in lower case with a space around each: `/iam/CreateAccessKey` is ` iam create access key `. */
function wordsOf(route: string): string {
  const split = route.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return ` ${split
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '')
    .join(' ')
    .toLowerCase()} `;
}

function isWrite(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}
