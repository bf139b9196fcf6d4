import type { Problem } from '@tripkey/contract/api';
import { readConfig } from '@tripkey/service-kit';
import * as z from 'zod';
import { UsageError } from '../usage-error.ts';

/** What commands that ask the API read of the environment. */
export const ApiClientConfig = z.object({
  apiUrl: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
  apiToken: z.string().min(1).optional(),
});

/** How commands reach the API; for the help of each. */
export const apiHelp = `
Asks the API at TRIPKEY_API_URL (http://127.0.0.1:8080 without it) with the token in TRIPKEY_API_TOKEN, or in the file that
TRIPKEY_API_TOKEN_FILE names. Make one with: tripkey tokens create --name me --scopes read,triage`;

/** The API did not do what was asked. Ends with exit code 1. */
export class ApiRefusedError extends Error {
  override readonly name = 'ApiRefusedError';
  readonly code = 'cli.api_refused';
  /** As the API told it; null when it could not be reached. */
  readonly problem: Problem | null;

  constructor(message: string, problem: Problem | null, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** The API as commands use it. */
export class ApiClient {
  readonly #url: string;
  readonly #token: string;

  /** @throws {UsageError} without a token */
  constructor(env: NodeJS.ProcessEnv) {
    const { apiUrl, apiToken } = readConfig(ApiClientConfig, env);
    if (!apiToken) throw new UsageError(`there is no token to ask the API with.\n${apiHelp.trim()}`);
    this.#url = apiUrl;
    this.#token = apiToken;
  }

  /** An answer as JSON. @throws {ApiRefusedError} */
  async ask<T>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<T> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
    return (await (await this.send('GET', path + search)).json()) as T;
  }

  /** The same for what changes something. @param key the same for every attempt at the same wish */
  async tell<T>(path: string, body: unknown, key: string): Promise<T> {
    return (await (await this.send('POST', path, { body, key })).json()) as T;
  }

  /** Sends, and gives the response of what went through. @throws {ApiRefusedError} */
  async send(
    method: string,
    path: string,
    { body, key, signal }: { body?: unknown; key?: string; signal?: AbortSignal } = {},
  ): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#url), {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new ApiRefusedError(`the API at ${this.#url} cannot be reached`, null, { cause });
    }
    if (response.ok) return response;
    const problem = (await response.json().catch(() => null)) as Problem | null;
    throw new ApiRefusedError(problem?.detail ?? `the API answered ${response.status}`, problem);
  }
}
