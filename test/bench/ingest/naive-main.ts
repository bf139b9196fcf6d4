import { createClient } from '@clickhouse/client';
import { Kafka, logLevel } from 'kafkajs';

// The pipeline that everybody writes first, as its documentation shows it: one message at a time, JSON.parse, and
// 1,000 objects an insert. It checks nothing, knows no client's network, and counts twice what comes twice.
const rowsOfInsert = 1_000;
const { NAIVE_BROKER = '', NAIVE_TOPIC = '', NAIVE_URL = '', NAIVE_DATABASE = '' } = process.env;

const client = createClient({
  url: NAIVE_URL,
  database: NAIVE_DATABASE,
  clickhouse_settings: { date_time_input_format: 'best_effort', input_format_skip_unknown_fields: 1 },
});
const kafka = new Kafka({ brokers: [NAIVE_BROKER], clientId: 'naive', logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: 'naive' });
let rows: object[] = [];

consumer.on('consumer.group_join', () => process.stderr.write('joined\n'));
await consumer.connect();
await consumer.subscribe({ topic: NAIVE_TOPIC, fromBeginning: true });
await consumer.run({
  async eachMessage({ message }) {
    rows.push(JSON.parse(message.value!.toString()));
    if (rows.length < rowsOfInsert) return;
    const values = rows;
    rows = [];
    await client.insert({ table: 'requests_raw_v1', values, format: 'JSONEachRow' });
  },
});
