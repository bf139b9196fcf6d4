import { connect, createServer } from 'node:net';

/** Runs inside an own network: what comes to a port there goes to the file socket that stands for it. */
const ways = JSON.parse(process.argv[2] ?? '[]') as { port: number; socket: string }[];
for (const { port, socket } of ways) {
  const server = createServer((from) => {
    const to = connect(socket);
    from.pipe(to).pipe(from);
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}
process.stdout.write('ready\n');
