/**
 * A mistake in the CDK code has to be found here: each of these breaks the template on purpose, and then either the
 * stack does not start or its shortest story does not come to its end.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { type AwsLocal, waitUntil } from './aws-local.ts';
import { startAwsLocal } from './start-aws-local.ts';
import { storyStack } from './story/story-stack.ts';
import { TinyFleet, valueIn } from './story/tiny-fleet.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}
type Resources = Record<string, Resource>;
type Breaking = (resources: Resources) => void;

const PATIENCE_MS = 12_000;

/** The shortest story: a push arrives in the cluster, and the sweep has nothing to complain of. */
async function tellShortStory(mutate: (template: unknown) => unknown, patienceMs: number): Promise<void> {
  const { clusters = [], ...stack } = storyStack();
  const [settings] = clusters;
  assert(settings !== undefined);
  const aws = await startAwsLocal({ ...stack, clusters: [{ ...settings, controllers: false }], mutate });
  const fleet = await TinyFleet.create(aws);
  try {
    await fleet.push();
    await waitUntil(aws, 'the push to arrive', () => arrival(aws), { patienceMs });
    await aws.tick();
    await waitUntil(aws, 'the sweep', () => sweep(aws), { patienceMs });
  } finally {
    await fleet.remove();
    await aws.stop();
  }
}

async function arrival(aws: AwsLocal): Promise<true | undefined> {
  refuseTrouble(aws);
  const values = await Promise.all(aws.clusters.map(valueIn));
  return values.every((value) => value === 'first') || undefined;
}

function sweep(aws: AwsLocal): true | undefined {
  refuseTrouble(aws);
  return aws.function('on-schedule').invocations.length > 0 || undefined;
}

function refuseTrouble(aws: AwsLocal): void {
  assert.deepEqual(aws.violations(), []);
  const failed = aws.functions.flatMap(({ definition, invocations }) =>
    invocations.flatMap(({ error }) => (error === undefined ? [] : [`${definition.name}: ${error}`])),
  );
  assert.deepEqual(failed, []);
}

function functionNamed(resources: Resources, name: string): Record<string, unknown> {
  const found = Object.values(resources).find(
    ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties.FunctionName === `plumbline-demo-${name}`,
  );
  assert(found !== undefined, `no function ${name}`);
  return found.Properties;
}

function variablesOf(resources: Resources, name: string): Record<string, unknown> {
  const { Variables } = functionNamed(resources, name).Environment as { Variables: Record<string, unknown> };
  return Variables;
}

function propertiesOf(resources: Resources, type: string): readonly Record<string, unknown>[] {
  const found = Object.values(resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
  assert(found.length > 0, `no ${type}`);
  return found;
}

/** Replaces text everywhere in resources of a type; a mutation that changes nothing would prove nothing. */
function rewrite(resources: Resources, type: string, from: string | RegExp, to: string): void {
  let changed = false;
  for (const [id, resource] of Object.entries(resources)) {
    if (resource.Type !== type) continue;
    const before = JSON.stringify(resource);
    const after = before.replaceAll(from, to);
    changed ||= before !== after;
    resources[id] = JSON.parse(after) as Resource;
  }
  assert(changed, `nothing to break in ${type}`);
}

function without(resources: Resources, type: string, text: string): void {
  const ids = Object.entries(resources).filter(([, one]) => one.Type === type && JSON.stringify(one).includes(text));
  assert(ids.length > 0, `no ${type} with ${text}`);
  for (const [id] of ids) delete resources[id];
}

/** AWS would refuse these when the stack is made, or they show themselves only after days. */
const REFUSED: readonly (readonly [string, RegExp, Breaking])[] = [
  [
    'a batch that the mapping may not have',
    /batching window/,
    (resources) => {
      for (const mapping of propertiesOf(resources, 'AWS::Lambda::EventSourceMapping')) mapping.BatchSize = 100;
    },
  ],
  [
    'a queue that gives a message back for ever',
    /redrive/,
    (resources) => {
      for (const queue of propertiesOf(resources, 'AWS::SQS::Queue')) delete queue.RedrivePolicy;
    },
  ],
  [
    'a visibility that ends before the function does',
    /visibility timeout/,
    (resources) => {
      for (const queue of propertiesOf(resources, 'AWS::SQS::Queue')) queue.VisibilityTimeout = 60;
    },
  ],
  [
    'a function that trusts nobody to run it',
    /lambda\.amazonaws\.com may not assume it/,
    (resources) => rewrite(resources, 'AWS::IAM::Role', 'lambda.amazonaws.com', 'ec2.amazonaws.com'),
  ],
];

const BROKEN: readonly (readonly [string, RegExp, Breaking])[] = [
  [
    'a variable under a wrong name',
    /PLUMBLINE_TABLE/,
    (resources) => {
      const variables = variablesOf(resources, 'plan-fleet');
      variables.PLUMBLINE_TABEL = variables.PLUMBLINE_TABLE;
      delete variables.PLUMBLINE_TABLE;
    },
  ],
  [
    'an event pattern that never matches',
    /waited .* for the push to arrive/,
    (resources) => rewrite(resources, 'AWS::Events::Rule', '"aws.codecommit"', '"aws.codecomit"'),
  ],
  [
    'a permission that is missing',
    /not authorized to perform: dynamodb:UpdateItem/,
    (resources) => rewrite(resources, 'AWS::IAM::Policy', '"dynamodb:UpdateItem"', '"dynamodb:UpdateTable"'),
  ],
  [
    'a permission for the wrong key of the table',
    /not authorized to perform: dynamodb:/,
    (resources) => rewrite(resources, 'AWS::IAM::Policy', 'FLEET#demo', 'FLEET#other'),
  ],
  [
    'an attribute that no wake-up writes',
    /not authorized to perform: dynamodb:UpdateItem/,
    (resources) => rewrite(resources, 'AWS::IAM::Policy', '"wanted"', '"wished"'),
  ],
  [
    'a handler that the code does not have',
    /Runtime\.HandlerNotFound/,
    (resources) => {
      functionNamed(resources, 'render-input').Handler = 'index.main';
    },
  ],
  [
    'a queue address that is missing',
    /PLUMBLINE_CLUSTER_QUEUE_URLS|waited/,
    (resources) => {
      delete variablesOf(resources, 'plan-fleet').PLUMBLINE_CLUSTER_QUEUE_URLS;
    },
  ],
  [
    'an index under a wrong name',
    /on-schedule/,
    (resources) => rewrite(resources, 'AWS::DynamoDB::Table', '"IndexName":"due"', '"IndexName":"dew"'),
  ],
  [
    'an encryption context that is never used',
    /not authorized to perform: kms:/,
    (resources) =>
      rewrite(
        resources,
        'AWS::IAM::Policy',
        /"kms:EncryptionContext:([^"]+)":"[^"]+"/g,
        '"kms:EncryptionContext:$1":"x"',
      ),
  ],
  [
    'a time-out that is too short',
    /Task timed out|waited/,
    (resources) => {
      functionNamed(resources, 'reconcile-cluster').Timeout = 1;
    },
  ],
  [
    'a rule that may not invoke its function',
    /no permission lets events\.amazonaws\.com/,
    (resources) => without(resources, 'AWS::Lambda::Permission', 'Repositor'),
  ],
  [
    'a renderer without its layer',
    /waited .* for the push to arrive|\/opt\//,
    (resources) => {
      delete functionNamed(resources, 'render').Layers;
    },
  ],
  [
    'a role that the worker may not assume',
    /not authorized to perform: sts:AssumeRole/,
    (resources) => rewrite(resources, 'AWS::IAM::Policy', 'role/plumbline-access', 'role/plumbline-other'),
  ],
];

function breaking(breakIt: Breaking): (template: unknown) => unknown {
  return (template) => {
    const copy = structuredClone(template) as { Resources: Resources };
    breakIt(copy.Resources);
    return copy;
  };
}

describe('a template', { skip: pythonIsMissing, concurrency: 2 }, () => {
  it('as it is synthesized tells its story', () => tellShortStory((template) => template, 60_000));

  for (const [what, why, breakIt] of REFUSED) {
    it(`is refused with ${what}`, async () => {
      const starting = startAwsLocal({ ...storyStack(), clusters: [], mutate: breaking(breakIt) });

      await assert.rejects(starting, why);
    });
  }

  for (const [what, why, breakIt] of BROKEN) {
    it(`does not work with ${what}`, async () => {
      await assert.rejects(tellShortStory(breaking(breakIt), PATIENCE_MS), why);
    });
  }
});
