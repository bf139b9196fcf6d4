import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Reader, type Response } from 'maxmind';

/** What an IP database says about an address. */
export interface IpFacts {
  /** Autonomous system number, 0 when unknown. */
  readonly asn: number;
  /** ISO 3166 alpha-2, empty when unknown. */
  readonly country: string;
}

export interface IpDatabase {
  /** @param ip IPv4 or IPv6 in plain text */
  find(ip: string): IpFacts;
  /** Grows by one whenever other files are asked: what was found before may be outdated. */
  readonly edition: number;
  /**
   * Reads files again that have changed since.
   * @returns those that were read
   * @throws when one cannot be read; then all are asked as before
   */
  refresh(): string[];
}

/** Records as MaxMind, DB-IP, IPinfo and ip-location-db write them. */
interface MmdbRecord {
  country_code?: string;
  country?: string | { iso_code?: string };
  autonomous_system_number?: number;
  asn?: string | number;
}

/**
 * Opens mmdb files; a later one fills in what an earlier one does not know. Without any, the country database
 * that is installed with Tripkey (data of the regional registries, CC BY 4.0), which knows no autonomous systems.
 * @throws when a file is missing or is no mmdb file.
 */
export function openIpDatabase(paths: readonly string[] = []): IpDatabase {
  const files = paths.length > 0 ? paths : [bundledDatabase()];
  let opened = files.map(openFile);
  let edition = 0;
  return {
    get edition() {
      return edition;
    },
    refresh() {
      const now = opened.map((file) => (file.version === versionOf(file.path) ? file : openFile(file.path)));
      const changed = now.filter((file, i) => file !== opened[i]).map(({ path }) => path);
      opened = now;
      if (changed.length > 0) edition++;
      return changed;
    },
    find(ip) {
      let asn = 0;
      let country = '';
      for (const { reader } of opened) {
        const record = reader.get(ip) as MmdbRecord | null;
        if (!record) continue;
        asn ||= readAsn(record);
        country ||= readCountry(record);
      }
      return { asn, country };
    },
  };
}

interface OpenedFile {
  readonly path: string;
  readonly version: string;
  readonly reader: Reader<Response>;
}

function openFile(path: string): OpenedFile {
  // Looked at before it is read: what is written meanwhile is read the next time.
  const version = versionOf(path);
  return { path, version, reader: new Reader<Response>(readFileSync(path)) };
}

/** Another one when the file was written or replaced. */
function versionOf(path: string): string {
  const { ino, mtimeMs, size } = statSync(path);
  return `${ino} ${mtimeMs} ${size}`;
}

function bundledDatabase(): string {
  return fileURLToPath(
    import.meta.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'),
  );
}

function readAsn(record: MmdbRecord): number {
  const asn = record.autonomous_system_number ?? record.asn;
  const number = typeof asn === 'string' ? Number(asn.replace(/^AS/i, '')) : (asn ?? 0);
  return Number.isInteger(number) && number > 0 && number < 2 ** 32 ? number : 0;
}

function readCountry({ country_code, country }: MmdbRecord): string {
  const code = country_code ?? (typeof country === 'string' ? country : country?.iso_code) ?? '';
  return /^[A-Z]{2}$/.test(code) ? code : '';
}
