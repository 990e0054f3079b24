/**
 * A TCP proxy that holds every byte back by a fixed time each way, to measure what a remote API server costs. Runs as a
 * process of its own: `delay-proxy.ts PORT MS` prints the port that it listens on; it ends with its standard input.
 * It delays bytes, not the TCP handshake, which costs a real connection one round trip more.
 */
import { connect, createServer, type Socket } from 'node:net';

const [targetPort = '', delayMs = ''] = process.argv.slice(2);

const server = createServer((client) => {
  const upstream = connect(Number(targetPort), '127.0.0.1');
  for (const socket of [client, upstream]) socket.setNoDelay(true);
  holdBack(client, upstream);
  holdBack(upstream, client);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));

/** Timers of one length fire in the order in which they were set: bytes keep theirs. */
function holdBack(from: Socket, to: Socket): void {
  const later = (act: () => void) => setTimeout(act, Number(delayMs));
  from.on('data', (bytes) => later(() => to.write(bytes)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => later(() => to.destroy()));
  from.on('close', () => later(() => to.destroy()));
}
