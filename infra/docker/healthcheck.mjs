// Asks a service whether it is ready, for the HEALTHCHECK of a container.
//
//   node healthcheck.mjs http://127.0.0.1:9101/readyz     exits 0 when it is, else 1 with the reasons
const [url = ''] = process.argv.slice(2);
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  console.log(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.log(`${url}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
