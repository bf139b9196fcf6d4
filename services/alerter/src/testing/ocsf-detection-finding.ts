import * as z from 'zod';

/**
 * Detection Finding (2004) of OCSF 1.4 as its schema documents it (https://schema.ocsf.io/1.4.0/classes/detection_finding,
 * Apache-2.0): required attributes, enumerations with the captions of their siblings, and the "at least one" constraints
 * of the objects that we send. Strict, so that an attribute which the class does not have is found.
 */
const time = z.int().min(0).describe('epoch ms');
const text = z.string().min(1);

/** An id and the caption that stands beside it. */
const siblings =
  <const C extends Record<number, string>>(captions: C) =>
  (event: Record<string, unknown>, id: string, name: string) =>
    captions[event[id] as keyof C & number] === event[name];

const isActivity = siblings({ 1: 'Create', 2: 'Update', 3: 'Close' });
const isSeverity = siblings({ 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High', 5: 'Critical' });
const isStatus = siblings({ 1: 'New', 2: 'In Progress', 3: 'Suppressed', 4: 'Resolved' });

const named = (one: { name?: string | undefined; uid?: string | undefined }) =>
  one.name !== undefined || one.uid !== undefined;

const Analytic = z
  .strictObject({
    ...{ uid: text.optional(), name: text.optional(), version: text.optional(), desc: text.optional() },
    type_id: z.literal(1),
    type: z.literal('Rule'),
  })
  .refine(named, 'name or uid');

export const OcsfDetectionFinding = z
  .strictObject({
    activity_id: z.int(),
    activity_name: text,
    category_uid: z.literal(2),
    category_name: z.literal('Findings'),
    class_uid: z.literal(2004),
    class_name: z.literal('Detection Finding'),
    type_uid: z.int(),
    time,
    severity_id: z.int(),
    severity: text,
    status_id: z.int(),
    status: text,
    status_detail: text.optional(),
    is_alert: z.boolean(),
    message: text,
    metadata: z.strictObject({
      version: z.literal('1.4.0'),
      correlation_uid: text.optional(),
      product: z.strictObject({ name: text, vendor_name: text }),
    }),
    finding_info: z.strictObject({
      uid: text,
      title: text,
      desc: text.optional(),
      ...{ created_time: time, modified_time: time, first_seen_time: time, last_seen_time: time },
      types: z.array(text).optional(),
      analytic: Analytic.optional(),
      related_analytics: z.array(Analytic).optional(),
      src_url: z.url().optional(),
    }),
    risk_score: z.int().optional(),
    resources: z
      .array(
        z
          .strictObject({
            ...{ uid: text.optional(), name: text.optional(), type: text.optional() },
            owner: z.strictObject({ name: text.optional(), uid: text.optional() }).refine(named).optional(),
          })
          .refine(named, 'name or uid'),
      )
      .min(1),
    evidences: z.array(z.strictObject({ data: z.record(z.string(), z.json()) })),
    unmapped: z.record(z.string(), z.json()),
  })
  .refine((event) => isActivity(event, 'activity_id', 'activity_name'), 'activity')
  .refine((event) => isSeverity(event, 'severity_id', 'severity'), 'severity')
  .refine((event) => isStatus(event, 'status_id', 'status'), 'status')
  .refine(({ class_uid, activity_id, type_uid }) => type_uid === class_uid * 100 + activity_id, 'type_uid');
