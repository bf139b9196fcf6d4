import { Link } from '@tanstack/react-router';
import type { Overview } from '@tripkey/contract/api';
import { formatCount } from '../../format/numbers.ts';
import { Card, Empty } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { hygieneWord } from '../keys/words.ts';

/** What is worth tidying up before it is misused. */
export function HygieneCard({
  hygiene,
  asOf,
}: {
  readonly hygiene: Overview['hygiene'];
  readonly asOf: string;
}) {
  const found = hygiene.filter(({ keys }) => keys > 0);
  return (
    <Card
      title="Hygiene"
      note={
        <>
          keys that are worth tidying up, as of <Moment at={asOf} style="seconds" />
        </>
      }
      flush
    >
      {found.length === 0 ? (
        <Empty title="Nothing to tidy up">
          <p>Every key has an owner and an end, and uses what it may.</p>
        </Empty>
      ) : (
        <DataTable
          label="Hygiene"
          rows={found}
          rowId={({ issue }) => issue}
          columns={[
            {
              header: 'What',
              cell: ({ issue }) => (
                <Link to="/keys" search={{ hygiene: issue }} className="cell">
                  {hygieneWord(issue)}
                </Link>
              ),
            },
            { header: 'Keys', numeric: true, cell: ({ keys }) => formatCount(keys) },
          ]}
        />
      )}
    </Card>
  );
}
