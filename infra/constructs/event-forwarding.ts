/**
 * For an account or Region with CodeCommit repositories of the fleet: CodeCommit tells of a push only there, so a rule
 * hands it on to the event bus of the installation.
 */
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { CodeCommitSetting } from '../config.ts';
import { repositoryPatterns } from './repository-pattern.ts';

export interface EventForwardingProps {
  /** Default bus of the installation's account and Region. */
  readonly busArn: string;
  /** Of this stack's account and Region. */
  readonly repositories: readonly CodeCommitSetting[];
}

export class EventForwarding extends Construct {
  constructor(scope: Construct, id: string, { busArn, repositories }: EventForwardingProps) {
    super(scope, id);
    // Makes a role for each rule that may put events on that bus and nothing else.
    const target = new BusTarget(EventBus.fromEventBusArn(this, 'Bus', busArn));
    for (const [index, eventPattern] of repositoryPatterns(this, repositories).entries()) {
      new Rule(this, `Repositories${index}`, {
        description: 'Plumbline: tells the installation of pushes',
        eventPattern,
        targets: [target],
      });
    }
  }
}
