import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The release whose insides the patches of this folder know. It has had no successor since 2023. */
const knownVersion = '2.2.4';

/**
 * A module from inside kafkajs, as kafkajs itself loads it; `path` is relative to its sources.
 * @throws when kafkajs is another release than the one whose insides are known.
 */
export function kafkajsModule<T>(path: string): T {
  requireKnownVersion((require('kafkajs/package.json') as { version: string }).version);
  return require(`kafkajs/src/${path}`) as T;
}

/** Puts `exports` in place of a module of kafkajs, for whoever loads it from now on. */
export function replaceKafkajsModule<T>(path: string, exports: T): void {
  kafkajsModule(path);
  require.cache[require.resolve(`kafkajs/src/${path}`)]!.exports = exports;
}

/** @throws when the patches were not made for that release. */
export function requireKnownVersion(version: string): void {
  if (version === knownVersion) return;
  throw new Error(
    `kafkajs ${version} is installed, but the guards around it are made for ${knownVersion}: install that one, or check every file in packages/stream/src/kafka/kafkajs`,
  );
}
