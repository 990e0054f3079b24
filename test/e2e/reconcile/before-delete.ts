/** A connector whose connections do something right before each deletion of an application's object is sent. */
import type { ClusterConnection, ClusterConnector, ObjectRequests } from '../../../shared/job/ports.ts';

/** Everything else is as `clusters` does it. */
export function beforeDelete(clusters: ClusterConnector, act: () => Promise<void>): ClusterConnector {
  const meddled = (connection: ClusterConnection): ClusterConnection =>
    replacing(connection, {
      for: (application: string) => {
        const requests = connection.for(application);
        const remove: ObjectRequests['delete'] = async (...given) => {
          await act();
          return requests.delete(...given);
        };
        return replacing(requests, { delete: remove });
      },
      actingAs: (accounts: Parameters<ClusterConnection['actingAs']>[0]) => meddled(connection.actingAs(accounts)),
    });
  return { connect: async (declaration, options) => meddled(await clusters.connect(declaration, options)) };
}

function replacing<T extends object>(target: T, own: Partial<T>): T {
  return new Proxy(target, {
    get(of, key) {
      const value: unknown = Reflect.get(Object.hasOwn(own, key) ? own : of, key);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
}
