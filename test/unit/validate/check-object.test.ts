import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from './known.ts';

const CONTAINERS = 'containers: [{name: a, image: a}]';

function deployment(spec: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {${spec}}}
`;
}

test('takes an object that is right', () => {
  assert.deepEqual(faultsOf(deployment(CONTAINERS)), []);
});

test('names the field that was probably meant', () => {
  assert.deepEqual(faultsOf(deployment(`${CONTAINERS}, tolerrations: []`)), [
    '.spec.template.spec.tolerrations: there is no such field; did you mean "tolerations"?',
  ]);
});

test('tells a mistyped field once, although the right one is missing', () => {
  assert.deepEqual(faultsOf(deployment('container: []')), [
    '.spec.template.spec.container: there is no such field; did you mean "containers"?',
    '.spec.template.spec.containers: it is needed and not there; see the unknown field beside it',
  ]);
});

test('says what to do with quotes that are too many or too few', () => {
  const faults = faultsOf(
    deployment(
      'containers: [{name: a, image: a, stdin: "true", ports: [{containerPort: "80"}], env: [{name: A, value: 1}]}]',
    ),
  );

  assert.deepEqual(faults, [
    '.spec.template.spec.containers[0].stdin: true or false is expected, the text "true" stands there; take the quotes away',
    '.spec.template.spec.containers[0].ports[0].containerPort: a whole number is expected, the text "80" stands there; take the quotes away',
    '.spec.template.spec.containers[0].env[0].value: a text is expected, the number 1 stands there; put it in quotes: "1"',
  ]);
});

test('finds entries that server-side apply tells apart by nothing, with defaults of their keys', () => {
  const faults = faultsOf(
    deployment(
      'containers: [{name: a, image: a, ports: [{containerPort: 80}, {containerPort: 80, protocol: TCP}], env: [{name: A}, {name: A}]}]',
    ),
  );

  assert.deepEqual(faults, [
    '.spec.template.spec.containers[0].ports[1]: containerPort 80, protocol TCP stands here already, as entry 0; keep one of the two',
    '.spec.template.spec.containers[0].env[1]: name A stands here already, as entry 0; keep one of the two',
  ]);
});

test('reads quantities, and numbers that are wholes or shares', () => {
  const resources = (cpu: string) =>
    deployment(`containers: [{name: a, image: a, resources: {limits: {cpu: ${cpu}}}}]`);

  for (const good of ['1', '0.5', '100m', '1.5Gi', '1e3', '"2"', '.5', '5.'])
    assert.deepEqual(faultsOf(resources(good)), [], good);
  for (const bad of ['1GB', 'one', '1 Gi', 'true', '""']) assert.equal(faultsOf(resources(bad)).length, 1, bad);
});

test('warns of a number that the server would cut', () => {
  const [fault] = faultsOf(deployment(CONTAINERS).replace('spec:\n', 'spec:\n  replicas: 4294967298\n'));

  assert.match(fault ?? '', /^\.spec\.replicas: .* the server would make 2 of it$/);
});

test('finds a selector that its own Pods do not match, and a mount without a volume', () => {
  const faults = faultsOf(
    deployment('containers: [{name: a, image: a, volumeMounts: [{name: cache, mountPath: /c}]}]').replace(
      '{a: b}}\n',
      '{a: c}}\n',
    ),
  );

  assert.deepEqual(faults, [
    '.spec.template.metadata.labels.a: the selector wants label a=c, which the template does not give its Pods; let spec.selector.matchLabels and the labels of the template agree',
    '.spec.template.spec.containers[0].volumeMounts[0].name: no volume of the Pod is called "cache"; add it to volumes',
  ]);
});

test('never quotes what is secret', () => {
  const secret = faultsOf('apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {password: "hunter2!"}\n');
  const variable = faultsOf(deployment('containers: [{name: a, image: a, env: [{name: API_TOKEN, value: 12345}]}]'));

  assert.deepEqual(secret, [
    '.data.password: base64 is expected, a text stands there; encode it: printf %s value | base64',
  ]);
  assert.equal(variable.length, 1);
  assert.doesNotMatch(`${secret}`, /hunter2/);
});

test('looks at names, labels and annotations of any kind', () => {
  const faults = faultsOf(
    'apiVersion: example.com/v1\nkind: Any\nmetadata: {name: Web_1, labels: {"a b": c, d: "e f"}, annotations: {"x/y/z": a}}\n',
  );

  assert.deepEqual(
    faults.map((one) => one.split(':')[0]),
    ['.metadata.name', '.metadata.labels["a b"]', '.metadata.labels.d', '.metadata.annotations["x/y/z"]'],
  );
});
