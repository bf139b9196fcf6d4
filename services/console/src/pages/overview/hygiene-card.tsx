import { Link } from '@tanstack/react-router';
import type { Overview } from '@tripkey/contract/api';
import { formatCount } from '../../format/numbers.ts';
import { Card, Empty } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Scroll } from '../../ui/scroll.tsx';
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
        <Scroll label="Hygiene">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col" className="num">
                  Keys
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map(({ issue, keys }) => (
                <tr key={issue}>
                  <td>
                    <Link to="/keys" search={{ hygiene: issue }} className="cell">
                      {hygieneWord(issue)}
                    </Link>
                  </td>
                  <td className="num">{formatCount(keys)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Card>
  );
}
