import type { EmbeddedErrorCode } from './embedded-error.ts';
import type { RunState } from './engine/run-state.ts';
import type { Users } from './front/access.ts';

/** What the child needs to know. It comes over the channel between the processes: passwords stay out of `ps`. */
export interface ChildOptions {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly users: Users;
  readonly bodyBytesMax: number;
}

export type ToChild = { readonly kind: 'start'; readonly options: ChildOptions } | { readonly kind: 'stop' };

export type FromChild =
  | { readonly kind: 'ready'; readonly port: number; readonly run: RunState; readonly version: string }
  | { readonly kind: 'failed'; readonly code: EmbeddedErrorCode; readonly message: string };
