/**
 * What people use: pages inside CloudWatch, and the buttons on them. A widget's button acts with the rights of whoever
 * looks at it on the function that it calls; so that IAM decides who may press, acting is a function of its own.
 */
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { TABLE } from '../../shared/config/names.ts';
import { asking, blobReading, itemAccess, sending } from './access.ts';
import { PlumblineFunction } from './plumbline-function.ts';
import { allow, clusterQueueUrlsOf, type Surroundings } from './work-functions.ts';

const ITEM_READING = ['BatchGetItem', 'GetItem', 'Query'];

export class PageFunctions extends Construct {
  readonly widget: PlumblineFunction;
  readonly action: PlumblineFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { config, defaults, data, queues } = surroundings;
    const variables = { fleet: config.fleet, table: data.table.tableName };
    this.action = new PlumblineFunction(this, 'FleetAction', {
      defaults,
      name: 'fleet-action',
      description: 'Plumbline: reconcile now, suspend, resume, approve; whoever may call it may do so',
      variables: {
        ...variables,
        fleetQueueUrl: queues.fleet.queueUrl,
        clusterQueueUrls: clusterQueueUrlsOf(queues),
      },
      memorySize: 512,
      timeout: Duration.seconds(30),
      tracing: 'begins',
    });
    allow(this.action, [
      itemAccess(data, { actions: ITEM_READING }),
      // What people ask for waits in the cluster's item; the worker takes it into the cluster.
      ...asking(data),
      sending([queues.fleet, ...queues.clusters.values()]),
    ]);
    this.widget = new PlumblineFunction(this, 'DashboardWidget', {
      defaults,
      name: 'dashboard-widget',
      description: 'Plumbline: the pages inside CloudWatch dashboards; reads only',
      variables: {
        ...variables,
        branch: config.branch,
        bucket: data.bucket.bucketName,
        keyArn: data.key.keyArn,
        actionFunction: this.action.lambda.functionArn,
      },
      memorySize: 512,
      timeout: Duration.seconds(30),
    });
    allow(this.widget, [
      itemAccess(data, { actions: ITEM_READING, indexes: [TABLE.runsIndex.name] }),
      ...blobReading(data),
    ]);
  }

  get functions(): readonly PlumblineFunction[] {
    return [this.widget, this.action];
  }
}
