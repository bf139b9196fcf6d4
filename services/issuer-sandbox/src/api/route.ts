/** One thing that the API can be asked. */
export interface ApiRoute {
  readonly method: string;
  /** Such as `/v1/leads/{id}`. */
  readonly template: string;
  /** What a key needs for it. */
  readonly scope: string;
  readonly answer: (asked: Asked) => Answer;
}

export interface Asked {
  /** What stands for `{id}`; empty when the template has none. */
  readonly id: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** The scope by convention: reading needs `read:`, everything else `write:`, then the resource. */
export function scopeOf(method: string, resource: string): string {
  return `${method === 'GET' ? 'read' : 'write'}:${resource}`;
}
