/**
 * Loaded into the process of a function (`--import=route-guard.mjs?routes=FILE`): where its sockets lead from where the
 * function stands. What there is no way to hears nothing, as packets without a route do; the kernel's minutes are cut
 * short. Plain JavaScript for the same reason as runtime-client.mjs.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';

/** Longer than clients of AWS wait for a connection: what they say of it is heard, not this. */
const SILENCE_MS = 1_500;

const file = new URL(import.meta.url).searchParams.get('routes');
const own = process.env.AWS_LAMBDA_RUNTIME_API;
const connect = Socket.prototype.connect;

Socket.prototype.connect = function connectWhereRoutesLead(...given) {
  // node:net hands over its own arguments as an array.
  const [target, ...rest] = Array.isArray(given[0]) ? given[0] : given;
  const {
    host = 'localhost',
    port,
    path,
  } = typeof target === 'object' ? target : { port: target, host: typeof rest[0] === 'string' ? rest[0] : undefined };
  // A pipe stays on the machine.
  if (path !== undefined && path !== null) return connect.apply(this, given);
  const address = `${host}:${port}`;
  const leadsTo = address === own ? address : lookUp(address);
  if (leadsTo === address) return connect.apply(this, given);
  if (leadsTo !== undefined) {
    const [newHost, newPort] = leadsTo.split(':');
    return connect.call(this, { ...target, host: newHost, port: Number(newPort) }, ...rest.filter(isListener));
  }
  process.stderr.write(`no way to ${address}\n`);
  this.connecting = true;
  setTimeout(() => {
    if (this.destroyed) return;
    const told = `connect ETIMEDOUT ${address}`;
    this.destroy(Object.assign(new Error(told), { code: 'ETIMEDOUT', syscall: 'connect', address: host, port }));
  }, SILENCE_MS);
  return this;
};

/** Read each time: a test may change what leads where. */
function lookUp(address) {
  const { leads, others, closed } = JSON.parse(readFileSync(file, 'utf8'));
  if (address in leads) return leads[address];
  return others === 'open' && !closed.includes(address) ? address : undefined;
}

function isListener(value) {
  return typeof value === 'function';
}
