/**
 * The URL below which an issuer's routes are, with a slash at its end.
 * @throws {TypeError} when it is not http or https, or carries a user, a query or a fragment
 */
export function baseUrl(url: string): URL {
  const base = URL.parse(url);
  if (
    !base ||
    !/^https?:$/.test(base.protocol) ||
    base.username ||
    base.password ||
    base.search ||
    base.hash
  ) {
    // Without the value: a URL with a user in it holds a secret.
    throw new TypeError('the url of an issuer is http or https, without user, query and fragment');
  }
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return base;
}

/**
 * A key id as one segment of a path; undefined when no URL can name it: `.` and `..` are taken apart also when they are
 * escaped, so such an id would ask for another resource.
 */
export function pathSegment(id: string): string | undefined {
  if (id === '' || id.length > 256 || id === '.' || id === '..' || !id.isWellFormed()) return undefined;
  return encodeURIComponent(id);
}
