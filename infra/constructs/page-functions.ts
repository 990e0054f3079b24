/**
 * What people use: pages inside CloudWatch, and the buttons on them. A widget's button acts with the rights of whoever
 * looks at it on the function that it calls; so that IAM decides who may press, acting is a function of its own.
 */
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { TABLE } from '../../shared/config/names.ts';
import { blobReading, clusterDescribing, itemAccess, roleAssuming, sending, waking } from './access.ts';
import { PlumblineFunction } from './plumbline-function.ts';
import { allow, clusterQueueUrlsOf, type Surroundings } from './work-functions.ts';

const ITEM_READING = ['BatchGetItem', 'GetItem', 'Query'];

export class PageFunctions extends Construct {
  readonly widget: PlumblineFunction;
  readonly action: PlumblineFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { config, defaults, data, queues } = surroundings;
    const variables = {
      fleet: config.fleet,
      table: data.table.tableName,
      bucket: data.bucket.bucketName,
      keyArn: data.key.keyArn,
    };
    this.action = new PlumblineFunction(this, 'FleetAction', {
      defaults,
      name: 'fleet-action',
      description: 'Plumbline: reconcile now, suspend, resume, approve; whoever may call it may do so',
      variables: {
        ...variables,
        fleetQueueUrl: queues.fleet.queueUrl,
        clusterQueueUrls: clusterQueueUrlsOf(queues),
        externalId: config.externalId,
      },
      memorySize: 512,
      timeout: Duration.seconds(30),
    });
    allow(this.action, [
      itemAccess(data, { actions: ITEM_READING }),
      ...waking(data),
      ...blobReading(data),
      sending([queues.fleet, ...queues.clusters.values()]),
      // Suspensions and approvals stand in the cluster's anchor.
      ...roleAssuming(config.clusterRoleArns),
      clusterDescribing(this),
    ]);
    this.widget = new PlumblineFunction(this, 'DashboardWidget', {
      defaults,
      name: 'dashboard-widget',
      description: 'Plumbline: the pages inside CloudWatch dashboards; reads only',
      variables: { ...variables, actionFunction: this.action.lambda.functionArn },
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
