const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const integer = /^-?\d+$/;
const hash = /^(?=.*\d)[0-9a-f]{16,}$/i;
const date = /^\d{4}-\d\d(?:-\d\d)?(?:T.*)?$/i;
const prefixedId = /^[a-z]{1,16}[_-](?=[a-z0-9]*\d)(?:\d{3,}|[a-z0-9]{8,})$/i;
const longToken = /^(?=.*\d)(?=.*[a-z])[\w~+=.-]{20,}$/i;
/** Words joined by hyphens, at most one number at the end: a name that people chose, not an id. */
const slug = /^[a-z]+(?:-[a-z]+)*(?:-\d{1,4})?$/;

const segmentsMax = 32;
const lengthMax = 512;

/**
 * The path of a request target: without scheme and host, without query and fragment, which may carry secrets and
 * are never kept.
 */
export function pathOnly(target: string): string {
  let from = 0;
  const scheme = target.indexOf('://');
  if (scheme > 0 && scheme < 10) {
    from = target.indexOf('/', scheme + 3);
    if (from < 0) return '/';
  }
  let to = target.length;
  for (let i = from; i < to; i++) {
    const code = target.charCodeAt(i);
    if (code === 63 /* ? */ || code === 35 /* # */) to = i;
  }
  return from === 0 && to === target.length ? target : target.slice(from, to);
}

/**
 * A route template guessed from a path: segments that name one object (integers, UUIDs, hashes, dates, mail
 * addresses, long tokens) become `{id}`, so that the number of routes stays small.
 */
export function templatePath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const kept = segments.slice(0, segmentsMax).map((segment) => (namesOneObject(segment) ? '{id}' : segment));
  if (segments.length > segmentsMax) kept.push('…');
  return `/${kept.join('/')}`.slice(0, lengthMax);
}

function namesOneObject(segment: string): boolean {
  if (integer.test(segment)) return true;
  if (segment.length < 5) return false;
  if (slug.test(segment)) return false;
  return (
    uuid.test(segment) ||
    hash.test(segment) ||
    date.test(segment) ||
    prefixedId.test(segment) ||
    longToken.test(segment) ||
    segment.includes('@') ||
    segment.includes('%40')
  );
}
