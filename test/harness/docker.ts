import { connect } from 'node:net';

/** Whether a Docker engine answers on its socket; a command-line client alone is not enough. */
export function dockerAnswers(): Promise<boolean> {
  const host = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  if (!host.startsWith('unix://')) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect(host.slice('unix://'.length));
    socket.setTimeout(2_000, () => done(false));
    socket.once('connect', () => socket.write('GET /_ping HTTP/1.0\r\n\r\n'));
    socket.once('data', (chunk) => done(String(chunk).includes(' 200 ')));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    function done(answer: boolean) {
      socket.destroy();
      resolve(answer);
    }
  });
}
