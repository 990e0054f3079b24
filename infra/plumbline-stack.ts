import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionName } from '../shared/config/names.ts';
import { acceptFindings } from './accepted-findings.ts';
import type { CheckedConfig } from './checked-config.ts';
import { ActionAudit } from './constructs/action-audit.ts';
import { Alarms } from './constructs/alarms.ts';
import { FleetDashboard } from './constructs/fleet-dashboard.ts';
import { FleetData } from './constructs/fleet-data.ts';
import { Notifications } from './constructs/notifications.ts';
import { PageFunctions } from './constructs/page-functions.ts';
import { Triggers } from './constructs/triggers.ts';
import { WorkFunctions } from './constructs/work-functions.ts';
import { WorkQueues } from './constructs/work-queues.ts';

export interface PlumblineStackProps extends StackProps {
  readonly config: CheckedConfig;
  /** Folder with `index.mjs` of a function. */
  readonly codeFolder: (name: FunctionName) => string;
}

/** One installation of Plumbline: one fleet, in one account and Region. */
export class PlumblineStack extends Stack {
  constructor(scope: Construct, id: string, { config, codeFolder, ...props }: PlumblineStackProps) {
    super(scope, id, {
      description: `Plumbline: keeps the clusters of fleet ${config.fleet} true to Git`,
      ...(config.place === undefined ? {} : { env: config.place }),
      ...props,
    });
    const prefix = `plumbline-${config.fleet}`;
    const data = new FleetData(this, 'Data', {
      fleet: config.fleet,
      keep: config.dataOnDestroy === 'keep',
    });
    const queues = new WorkQueues(this, 'Queues', { prefix, networks: Object.keys(config.networks) });
    const logRetention: RetentionDays = config.logRetentionDays;
    const surroundings = { config, defaults: { prefix, logRetention, codeFolder }, data, queues };
    const work = new WorkFunctions(this, 'Work', surroundings);
    const triggers = new Triggers(this, 'Triggers', surroundings);
    const pages = new PageFunctions(this, 'Pages', surroundings);
    const audit = config.auditActions ? new ActionAudit(this, 'Audit', { prefix, action: pages.action }) : undefined;
    const people = new Notifications(this, 'People', { config, prefix, data, queues });
    const functions = [...work.functions, ...triggers.functions, ...pages.functions];
    const watched = { fleet: config.fleet, prefix, data, queues, functions };
    new Alarms(this, 'Alarms', { ...watched, topic: people.topic });
    new FleetDashboard(this, 'Dashboard', { ...watched, widget: pages.widget });
    acceptFindings({
      data,
      audit: audit?.bucket,
      closedVpc: work.renderer.vpc,
      functions,
      readers: [work.planner, work.renderInput, ...work.workers.values(), pages.widget],
      locators: [work.planner, ...work.workers.values()],
    });
    if (triggers.webhookUrl !== undefined) {
      new CfnOutput(this, 'WebhookUrl', {
        description: 'Give this to forges, with the name of the sender at its end',
        value: triggers.webhookUrl.url,
      });
    }
  }
}
