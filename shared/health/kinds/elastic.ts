import type { HealthVerdict } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { judge, type KindRule } from '../kind-rule.ts';
import { mapsAt, numberAt } from '../read-field.ts';
import type { KindRules } from '../rule-for.ts';
import { progressing, someOf } from '../verdict.ts';

const COLOURS = { green: 'healthy', yellow: 'progressing', red: 'degraded', '*': 'unknown' } as const;

const cluster: KindRule = {
  steps: [
    { field: 'status.phase', is: { Invalid: 'degraded', Ready: 'healthy', '*': 'progressing' } },
    { field: 'status.health', is: COLOURS },
  ],
};
const colour: KindRule = { steps: [{ field: 'status.health', is: COLOURS }] };

/** Returns the verdict for an Elasticsearch: all nodes of all its sets, then the colour of the cluster. */
function assessElasticsearch(object: KubeObject): HealthVerdict {
  const phase = judge({ steps: cluster.steps.slice(0, 1) }, object);
  if (phase.health !== 'healthy') return phase;
  const wanted = mapsAt(object, 'spec', 'nodeSets').reduce((sum, set) => sum + numberAt(set, ['count'], 0), 0);
  const available = numberAt(object, ['status', 'availableNodes'], 0);
  if (available < wanted) return progressing(someOf(available, wanted, 'nodes available'));
  return judge(colour, object);
}

/** Elastic Cloud on Kubernetes. */
export const ELASTIC: KindRules = {
  'Elasticsearch.elasticsearch.k8s.elastic.co': assessElasticsearch,
  'Beat.beat.k8s.elastic.co': {
    steps: [...colour.steps, { field: 'status.expectedNodes', is: { '*': 'progressing' } }],
    otherwise: 'unknown',
  },
  '*.k8s.elastic.co': colour,
};
