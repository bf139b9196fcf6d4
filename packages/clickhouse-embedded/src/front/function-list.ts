import type { Engine } from '../engine/engine.ts';

/** Kinds of functions, as the engine sorts them, that compute from their arguments alone. */
const harmless = `Aggregate Functions|Arithmetic|Arrays|Bit|Bitmap|Comparison|Conditional|Dates and Times|Distance|Encoding|
  Financial|Geo|Geo Polygon|Hash|IP Address|JSON|Logical|Map|Mathematical|Null|NumericIndexedVector|Random Number|Rounding|
  String|String Replacement|String Search|String Splitting|Time Series|Time Window|Tuple|Type Conversion|URL|UUID`;
const harmlessKinds = new Set(harmless.split('|').map((kind) => kind.trim()));

/** Harmless ones among the kind "Other", which also has `file`, and what the parser makes of operators and syntax. */
const harmlessOthers = new Set(
  `bar transform identity materialize toTypeName byteSize formatReadableSize formatReadableDecimalSize
  formatReadableQuantity formatReadableTimeDelta parseReadableSize parseTimeDelta neighbor runningDifference
  runningAccumulate rowNumberInBlock rowNumberInAllBlocks countDigits ignore isConstant finalizeAggregation
  initializeAggregation currentDatabase throwIf visibleWidth variantElement variantType getSubcolumn version uptime
  lambda untuple grouping exists viewExplain _CAST`
    .toLowerCase()
    .split(/\s+/),
);

/** Sorted wrongly by the engine: this one runs any SQL, outside of every limit. */
const harmful = new Set(['chdb']);

/**
 * Which functions a read-only user may call. An allow-list: a function that the engine does not sort under a harmless
 * kind, one that an operator made, or one that comes with a newer engine, is not on it.
 */
export class FunctionList {
  readonly #allowed: ReadonlySet<string>;
  readonly #refused: ReadonlySet<string>;
  readonly #combinators: readonly string[];

  private constructor(
    allowed: ReadonlySet<string>,
    refused: ReadonlySet<string>,
    combinators: readonly string[],
  ) {
    this.#allowed = allowed;
    this.#refused = refused;
    this.#combinators = combinators;
  }

  static async of(engine: Engine): Promise<FunctionList> {
    const lines = async (sql: string) => (await engine.ask(sql)).split('\n').filter((line) => line !== '');
    const listed = await lines(
      `SELECT lower(f.name), f.origin = 'System' AND f.create_query = '', if(f.alias_to = '', f.categories, t.categories),
              lower(f.alias_to)
       FROM system.functions AS f LEFT JOIN system.functions AS t ON t.name = f.alias_to`,
    );
    const allowed = new Set(harmlessOthers);
    const refused = new Set<string>();
    for (const line of listed) {
      const [name = '', ofSystem, kinds = '', target = ''] = line.split('\t');
      const fine =
        ofSystem === '1' &&
        !harmful.has(name) &&
        !harmful.has(target) &&
        (harmlessOthers.has(name) || harmlessOthers.has(target) || harmlessKinds.has(kinds));
      if (fine) allowed.add(name);
      else refused.add(name);
    }
    for (const name of refused) allowed.delete(name);
    const combinators = await lines('SELECT lower(name) FROM system.aggregate_function_combinators');
    return new FunctionList(allowed, refused, [...combinators, 'mergestate']);
  }

  /** Whether a call is allowed; an aggregate's combinators (`countIf`, `sumOrNullArray`) are looked through. */
  allows(name: string): boolean {
    const lower = name.toLowerCase();
    if (this.#allowed.has(lower)) return true;
    if (this.#refused.has(lower)) return false;
    return this.#combinators.some(
      (ending) =>
        lower.length > ending.length && lower.endsWith(ending) && this.allows(lower.slice(0, -ending.length)),
    );
  }

  /** Whether a name, given where a column is expected, would be taken as a function that is not allowed. */
  refuses(name: string): boolean {
    return this.#refused.has(name.toLowerCase());
  }
}
