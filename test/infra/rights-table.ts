/** The rights of every function as the table in docs/security.md, made from the template so that it is never wrong. */
import { formatResources, type Statement, statementsOf, type Template } from './template.ts';

const BEGIN = '<!-- rights: made by npm run golden:update -->';
const END = '<!-- end of rights -->';

/** Every function has these; nobody learns anything from seeing them nine times. */
const SHARED = /^(logs|xray):/;

/** Returns `page` with the table of `template` between its marks. @throws {Error} when it has none. */
export function withRights(page: string, template: Template): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/security.md has no "${BEGIN}" and "${END}"`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${rightsTable(template)}\n\n${page.slice(end)}`;
}

function rightsTable(template: Template): string {
  const rows = [...statementsOf(template)]
    // A worker of a private network differs in its place, not in its rights.
    .filter(([name]) => !/^reconcile-cluster-/.test(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, statements]) => {
      const own = statements.flatMap((statement) => rowOf(statement));
      return own.map((row, index) => `| ${index === 0 ? `\`${name}\`` : ''} | ${row} |`);
    });
  return ['| function | may | on | only |', '|---|---|---|---|', ...rows].join('\n');
}

function rowOf({ Effect, Action, Resource, Condition }: Statement): readonly string[] {
  const actions = Action.filter((action) => !SHARED.test(action));
  if (actions.length === 0) return [];
  const resources = formatResources(Resource).map((resource) => `\`${shorten(resource)}\``);
  const denied = Effect === 'Deny' ? '**not** ' : '';
  return [
    `${denied}${actions.map((action) => `\`${action}\``).join(' ')} | ${resources.join(' ')} | ${formatCondition(Condition)}`,
  ];
}

/** `<QueuesFleet.Arn>` is no use to a reader. */
function shorten(resource: string): string {
  return resource
    .replace(/^<DataBlobs\.Arn>/, 'bucket')
    .replace(/^<Data(Table|Key)\.Arn>/, (_, part: string) => part.toLowerCase())
    .replace(/^<Queues(\w+)\.Arn>$/, (_, part: string) => `queue ${part}`)
    .replace(/^<\w*Isolated\w*\.Arn>$/, 'function render')
    .replace(/^arn:<Partition>:/, '');
}

function formatCondition(condition: unknown): string {
  if (typeof condition !== 'object' || condition === null) return '';
  return Object.values(condition)
    .flatMap((keys) => Object.entries(keys ?? {}))
    .map(([key, value]) => `${key.replace(/^\w+:/, '')}: ${conditionValue(value)}`)
    .join('; ');
}

function conditionValue(value: unknown): string {
  return (Array.isArray(value) ? value : [value])
    .map((one: unknown) => `\`${typeof one === 'string' ? one : shorten(formatResources(one).join(''))}\``)
    .join(' ');
}
