/** How objects of a resource are named in paths. */
export type IdForm = 'integer' | 'uuid';

/** One thing that can be called, and what calling it is usually like. */
export interface Endpoint {
  readonly method: string;
  readonly route: string;
  /** Path before and after the object's id; without an id the whole path is `before`. */
  readonly before: string;
  readonly after: string;
  readonly id: IdForm | null;
  /** Objects of it that one customer has, about; many of them are touched when it is large. */
  readonly objects: number;
  readonly resource: string;
  /** The scope that covers it; null for routes that the API does not have. */
  readonly scope: string | null;
  readonly status: number;
  /** Medians. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly latencyMs: number;
}

export function isRead(endpoint: Endpoint): boolean {
  return endpoint.method === 'GET';
}

/** The request path for one object. */
export function pathOf(endpoint: Endpoint, object: number): string {
  if (endpoint.id === null) return endpoint.before;
  const id = endpoint.id === 'integer' ? String(object) : uuidOf(object);
  return endpoint.before + id + endpoint.after;
}

function uuidOf(object: number): string {
  const low = (object >>> 0).toString(16).padStart(8, '0');
  const mixed = (Math.imul(object, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${mixed}-${low.slice(0, 4)}-4${low.slice(5)}-8${mixed.slice(1, 4)}-${low}${mixed.slice(4)}`;
}

/** An endpoint that the API does not have: what a scanner asks for. */
export function unknownEndpoint(path: string): Endpoint {
  return {
    method: 'GET',
    route: path,
    before: path,
    after: '',
    id: null,
    objects: 0,
    resource: '',
    scope: null,
    status: 404,
    bytesIn: 180,
    bytesOut: 120,
    latencyMs: 9,
  };
}
