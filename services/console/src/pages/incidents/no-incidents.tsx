import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../../api/queries.ts';
import { Empty } from '../../ui/card.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';

/** An empty inbox is good news, unless nothing arrives at all. */
export function NoIncidents({ filtered }: { readonly filtered: boolean }) {
  const pipeline = useQuery({ ...ask('getPipelineHealth', {}), enabled: !filtered });
  if (filtered) {
    return (
      <Empty title="No incident fits these filters">
        <p>Clear some of them, or look at resolved ones, too.</p>
      </Empty>
    );
  }
  if (pipeline.data && pipeline.data.events.last_24_h === 0) return <NoEvents />;
  return (
    <Empty title="Nothing needs you">
      <p>
        Every key is used as it always is. What was found before is under{' '}
        <Link to="/incidents" search={{ state: ['all'] }} className="link">
          all incidents
        </Link>
        ; how much a rule finds is under{' '}
        <Link to="/rules" className="link">
          rules
        </Link>
        .
      </p>
    </Empty>
  );
}

/** How to send a first event. */
export function NoEvents() {
  const example = [
    `curl ${location.origin}/v1/events \\`,
    '  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\',
    `  -d '{"ts":"${new Date().toISOString()}","key_id":"key_1","method":"GET","path":"/v1/leads/7","status":200}'`,
  ].join('\n');
  return (
    <Empty title="No events have arrived yet">
      <p>
        Tripkey learns from the requests that your gateways report. Send one, with the token that the first
        start printed:
      </p>
      <CodeBlock text={example} label="Example of sending an event" />
      <p>
        Gateways write to Kafka or post over HTTP, in their own format or in ours. A key has a baseline after
        three days of use; until then it borrows from its peers.
      </p>
    </Empty>
  );
}
