/** Kinds of configured issuers, by name. */
export function kindsOf(
  issuers: Readonly<Record<string, { readonly kind?: unknown }>>,
): ReadonlyMap<string, string> {
  return new Map(Object.entries(issuers).map(([name, { kind = 'generic' }]) => [name, String(kind)]));
}
