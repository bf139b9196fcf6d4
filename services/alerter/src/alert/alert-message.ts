import type { KeyRecord, Severity } from '@tripkey/contract';
import { type Incident, lastingOperation, type RuleSignal } from '../incident/incident.ts';
import { mayStop, mayUndo } from '../incident/operation.ts';
import { blastRadiusText } from '../survey/survey-words.ts';
import type { Survey } from '../survey/surveyor.ts';
import { type AlertRecord, toAlertRecord } from './alert-record.ts';
import { reasonText, responseText } from './response-text.ts';
import { amounts, amountText, capitalised, timeText } from './wording.ts';

/**
 * What people are told about an incident, in plain strings and without any sink's markup. Key names, paths and agents
 * in it come from outside: a sink shows them as data.
 */
export interface AlertMessage {
  readonly incidentId: string;
  readonly severity: Severity;
  readonly resolved: boolean;
  /** Severity, what happened, to whom. */
  readonly headline: string;
  /** The whole story in a few sentences. */
  readonly summary: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** One line a rule, worst first. */
  readonly why: readonly { readonly title: string; readonly detail: string }[];
  readonly samples: readonly string[];
  readonly footer: readonly string[];
  readonly consoleUrl: string | null;
  /** What a person could do about it now. */
  readonly choices: readonly AlertChoice[];
  /** What the key's traffic looked like; null when nobody could look. */
  readonly survey: Survey | null;
  /** What a stop would block, while one can still be ordered. */
  readonly blastRadius: readonly string[];
  /** The same in fields. */
  readonly record: AlertRecord;
}

/** A command that makes sense for an incident as it stands. */
export interface AlertChoice {
  readonly kind: 'acknowledge' | 'snooze' | 'resolve' | 'reopen' | 'stop' | 'approve' | 'cancel' | 'undo';
  /** What it is about, when it is about an operation. */
  readonly operationId: string | null;
}

export interface AlertContext {
  /** What the issuer said about the key. */
  readonly key: KeyRecord | undefined;
  /** Base URL of the console; without it there are no links. */
  readonly consoleUrl: string | null;
}

const whyMax = 5;
const samplesMax = 3;

/** Tells an incident as it stands now. */
export function toAlertMessage(incident: Incident, { key, consoleUrl }: AlertContext): AlertMessage {
  const [worst] = incident.rules;
  const title = worst?.title ?? 'Unusual use';
  const who = subjectName(incident, key);
  const resolved = incident.state === 'resolved';
  const severity = capitalised(incident.severity);
  const state = stateText(incident);
  const response = responseText(incident);
  return {
    incidentId: incident.id,
    severity: incident.severity,
    resolved,
    headline: `${resolved ? 'Resolved · ' : ''}${severity} · ${title} · ${who}`,
    summary: [
      `${severity}: ${title}. ${capitalised(incident.subject.kind)} ${who}`,
      worst ? `: ${amounts(worst.evidence)}` : '',
      `. ${response}${resolved ? ` ${state}.` : ''}`,
    ].join(''),
    facts: [
      { label: capitalised(incident.subject.kind), value: who },
      ...fact('Owner', key?.owner),
      ...fact('Account', incident.accountId),
      ...fact('Application', incident.appId),
      { label: 'Risk', value: riskText(incident) },
      { label: 'First seen', value: timeText(incident.firstFindingAt) },
      { label: 'Last seen', value: timeText(incident.lastFindingAt) },
      { label: 'State', value: state },
      { label: 'Response', value: response },
    ],
    why: incident.rules.slice(0, whyMax).map(whyLine),
    samples: incident.rules
      .flatMap((rule) => rule.evidence.samples)
      .slice(0, samplesMax)
      .map(sampleText),
    footer: [
      `${incident.rules.map((rule) => `${rule.ruleId} v${rule.ruleVersion}`).join(', ')}`,
      `incident ${incident.id}`,
      ...(incident.response?.mode === 'observe' ? ['observe only: the policy does nothing here'] : []),
    ],
    consoleUrl: consoleUrl && new URL(`incidents/${incident.id}`, withSlash(consoleUrl)).href,
    choices: choicesOf(incident),
    survey: incident.survey,
    blastRadius: blastRadiusLines(incident),
    record: toAlertRecord(incident, key),
  };
}

function stateText(incident: Incident): string {
  const { acknowledged, snoozed, resolution } = incident;
  if (incident.state === 'resolved') {
    const at = `Resolved ${timeText(incident.closedAt!)}`;
    if (resolution?.into) return `${at}: merged into ${resolution.into}`;
    return resolution?.by
      ? `${at} by ${resolution.by.name}: ${reasonText(resolution.reason)}`
      : `${at}: nothing new since ${timeText(incident.lastFindingAt)}`;
  }
  return [
    'Open',
    ...(acknowledged ? [`acknowledged by ${acknowledged.name}`] : []),
    ...(snoozed ? [`snoozed until ${timeText(snoozed.until)} by ${snoozed.name}`] : []),
  ].join(', ');
}

/** Whether it still makes sense is decided again when the command comes. */
function choicesOf(incident: Incident): AlertChoice[] {
  const operation = lastingOperation(incident);
  const operationId = operation?.id ?? null;
  const about = (kind: AlertChoice['kind']) => ({ kind, operationId });
  const choices: AlertChoice[] = [];
  if (operation?.state === 'proposed') choices.push(about('approve'), about('cancel'));
  else if (operation?.state === 'approved') choices.push(about('cancel'));
  else if (incident.state === 'open' && incident.keyId !== null && mayStop(operation))
    choices.push({ kind: 'stop', operationId: null });
  else if (mayUndo(operation)) choices.push(about('undo'));
  if (incident.state === 'resolved') return [...choices, { kind: 'reopen', operationId: null }];
  if (!incident.acknowledged) choices.push({ kind: 'acknowledge', operationId: null });
  choices.push({ kind: 'snooze', operationId: null }, { kind: 'resolve', operationId: null });
  return choices;
}

/** Told as long as somebody may still decide about a stop. */
function blastRadiusLines(incident: Incident): readonly string[] {
  const operation = lastingOperation(incident);
  const isOpen = operation === null || operation.state === 'proposed' || operation.state === 'approved';
  const blast = incident.survey?.blast_radius;
  return blast && incident.state === 'open' && (isOpen || mayStop(operation)) ? blastRadiusText(blast) : [];
}

/** The name people know the subject by, and its id. */
export function subjectName(incident: Incident, key: KeyRecord | undefined): string {
  const id = incident.keyId ?? incident.subject.id;
  return key?.name ? `${key.name} (${id})` : id;
}

function whyLine(rule: RuleSignal): AlertMessage['why'][number] {
  const times = rule.count > 1 ? `, seen ${rule.count} times` : '';
  return { title: rule.title, detail: `${amounts(rule.evidence)} · score ${round(rule.score)}${times}` };
}

function riskText({ score, findingCount }: Incident): string {
  return `${amountText(round(score))} from ${amountText(findingCount)} finding${findingCount === 1 ? '' : 's'}`;
}

function sampleText(sample: Record<string, string | number | boolean | null>): string {
  return Object.entries(sample)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function fact(label: string, value: string | undefined): { label: string; value: string }[] {
  return value ? [{ label, value }] : [];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
