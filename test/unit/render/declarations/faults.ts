import assert from 'node:assert/strict';
import { formatProblem } from '../../../../shared/model/problem.ts';
import { readWhole } from './read-whole.ts';

export const CLUSTERS = `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: staging, labels: {stage: staging}}
spec: {kubeconfig: {context: stg}, parameters: {memory: 1Gi}}
---
apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: prod-eu, labels: {stage: prod}}
spec: {eks: {name: prod, region: eu-west-1}}
`;

/** An Application whose spec has a source, all clusters and `lines`, which begin on line 7. */
export function application(name: string, lines = ''): string {
  return `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: ${name}}
spec:
  source: {path: apps/${name}}
  clusters: {all: true}
${lines}`;
}

export function problemsOf(files: Readonly<Record<string, string>>): readonly string[] {
  const read = Object.entries(files).map(([path, text]) => ({ path, text }));
  return readWhole(read).problems.map(formatProblem);
}

/** Asserts that `lines` in an Application give exactly one problem: at `place`, with `message`. */
export function assertFault(lines: string, place: string, message: RegExp): void {
  const problems = problemsOf({ 'plumbline/clusters.yaml': CLUSTERS, 'plumbline/a.yaml': application('web', lines) });
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.ok(problems[0]?.startsWith(`plumbline/a.yaml:${place}: read declarations: Application "web": `), problems[0]);
  assert.match(problems[0] ?? '', message);
}

export function assertFaultText(text: string, pattern: RegExp): void {
  const problems = problemsOf({ 'plumbline/clusters.yaml': CLUSTERS, 'plumbline/a.yaml': text });
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.match(problems[0] ?? '', pattern);
}
