/**
 * A worker in a process of its own with the real logger and metrics, over objects that hold secrets, in a cluster that
 * quotes what it refuses. Everything that it prints is for secrets-never-logged.test.ts to look through.
 */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createTelemetryNotifier } from '../../functions/base/telemetry-notifier.ts';
import { reconcileClusterFunction } from '../../functions/reconcile-cluster.ts';
import { EventBridgeNotifier } from '../../shared/adapters/eventbridge/event-bridge-notifier.ts';
import type { ClusterConnection } from '../../shared/job/ports.ts';
import { fleetEventsOf } from '../../shared/report/events/fleet-events.ts';
import { clusterScene } from './cluster-scene.ts';
import { PLANTED, REFUSED_OBJECT, WANTED_OBJECTS } from './planted-secrets.ts';
import { lambdaContext } from './recorded-world.ts';
import { recordedPlace, sqsEvent } from './sqs-messages.ts';

const NUDGE = { kind: 'cluster', fleet: 'acme', cluster: 'prod', hop: 2, trace: 'push-1' };

/** An API server whose refusals quote what they refuse. */
function quoting(connection: ClusterConnection): ClusterConnection {
  const apply: ClusterConnection['apply'] = async (path, object, options) => {
    if (object.metadata.name !== REFUSED_OBJECT) return connection.apply(path, object, options);
    const message = `Secret "${REFUSED_OBJECT}" is invalid: data[token]: Invalid value: "${PLANTED.refused}"`;
    return { ok: false, refusal: { status: 422, reason: 'Invalid', message, causes: [] } };
  };
  const quotingOnly = { ...bound(connection), apply };
  return { ...quotingOnly, for: () => quotingOnly, actingAs: () => quoting(connection) };
}

function bound(connection: ClusterConnection): ClusterConnection {
  return {
    name: connection.name,
    requests: 7,
    kubernetesVersion: () => connection.kubernetesVersion(),
    discover: (options) => connection.discover(options),
    list: (path, options) => connection.list(path, options),
    get: (path, ref, options) => connection.get(path, ref, options),
    apply: (path, object, options) => connection.apply(path, object, options),
    patch: (path, ref, operations, options) => connection.patch(path, ref, operations, options),
    delete: (path, ref, options) => connection.delete(path, ref, options),
    logs: (pod, options) => connection.logs(pod, options),
    reviewAccess: (access) => connection.reviewAccess(access),
    for: () => connection.for('web'),
    ownFor: () => connection.ownFor('web'),
    actingAs: () => connection,
    close: () => connection.close(),
  };
}

/** Prints every request. */
const events = new EventBridgeClient({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: {
    handle: async ({ body }: { readonly body: Uint8Array }) => {
      process.stdout.write(`${new TextDecoder().decode(body)}\n`);
      return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode('{"Entries":[]}') } };
    },
  },
});

const scene = clusterScene(quoting);
const handler = reconcileClusterFunction(() => ({
  ...scene.parts,
  place: recordedPlace().place,
  openNotifier: (telemetry) => {
    const bus = new EventBridgeNotifier(events, {
      bus: 'default',
      eventsOf: (told) => fleetEventsOf(told, { fleet: 'acme', nowMs: 0 }),
      onLost: () => undefined,
    });
    const measured = createTelemetryNotifier(telemetry);
    return {
      measure: measured.measure,
      flush: () => bus.flush(),
      notify: (event) => {
        measured.notify(event);
        bus.notify(event);
      },
    };
  },
}));

for (const [index, objects] of WANTED_OBJECTS.entries()) {
  await scene.want(objects, 1_799_999_990_000 + index);
  await handler(sqsEvent(NUDGE), lambdaContext());
}
// What is no nudge may hold anything.
await handler(sqsEvent(`{"kind":"cluster","fleet":"${PLANTED.message}"}`), lambdaContext());
