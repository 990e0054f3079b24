import type { ClusterConnector } from '../shared/job/ports.ts';

const NAMED = 3;

/** Returns the same connector, telling `onChange` which clusters are being asked whenever that changes. */
export function tellAsked(clusters: ClusterConnector, onChange: (text: string) => void): ClusterConnector {
  const asked: string[] = [];
  let answered = 0;
  const tell = () => {
    const more = asked.length > NAMED ? ` and ${asked.length - NAMED} more` : '';
    const now = asked.length === 0 ? 'comparing' : `asking ${asked.slice(0, NAMED).join(', ')}${more}`;
    onChange(answered === 0 ? now : `${now}; ${answered} answered`);
  };
  return {
    connect: async (declaration, options) => {
      const { name } = declaration.metadata;
      const end = () => {
        asked.splice(asked.indexOf(name), 1);
        answered += 1;
        tell();
      };
      asked.push(name);
      tell();
      const connection = await clusters.connect(declaration, options).catch((error: unknown) => {
        end();
        throw error;
      });
      const close = connection.close.bind(connection);
      connection.close = async () => {
        end();
        await close();
      };
      return connection;
    },
  };
}
