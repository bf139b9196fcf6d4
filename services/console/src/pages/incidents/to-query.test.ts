import { expect, test } from 'vitest';
import { IncidentsSearch } from '../../url/page-search.ts';
import { parseSearch } from '../../url/search-params.ts';
import { statesOf, toQuery } from './to-query.ts';

const read = (address: string) => IncidentsSearch.parse(parseSearch(address));

test('without a choice the inbox shows what is not over', () => {
  expect(statesOf(read(''))).toEqual(['open', 'acknowledged', 'snoozed']);
});

test('one state is one state, and "all" is every state', () => {
  expect(statesOf(read('?state=resolved'))).toEqual(['resolved']);
  expect(statesOf(read('?state=all'))).toBeUndefined();
});

test('the address becomes the question', () => {
  const { list } = toQuery(read('?severity=critical,high&rule=new-network&q=crm&sort=score&order=asc'));
  expect(list).toMatchObject({
    severity: ['critical', 'high'],
    rule_id: 'new-network',
    q: 'crm',
    sort: 'score',
    order: 'asc',
  });
});

test('what an address says that is not understood is left out', () => {
  expect(read('?state=gone&severity=worst,high&sort=colour')).toEqual({ severity: ['high'] });
});
