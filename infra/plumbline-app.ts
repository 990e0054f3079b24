import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PlumblineStack, type PlumblineStackProps } from './plumbline-stack.ts';
import { TargetStack, targetPlaces } from './target-stack.ts';

/** Here and not in cdk.json, so that tests and the CDK's own command synthesize the same. */
const FEATURES = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:checkSecretUsage': true,
};

/**
 * Returns the application: the installation's one stack, and one for each other place with clusters or repositories of
 * the fleet. Nothing is written before its `synth`.
 */
export function plumblineApp(
  outdir: string | undefined,
  props: PlumblineStackProps,
): { readonly app: App; readonly stack: PlumblineStack } {
  const app = new App({ ...(outdir === undefined ? {} : { outdir }), analyticsReporting: false, context: FEATURES });
  const stack = new PlumblineStack(app, `plumbline-${props.config.fleet}`, props);
  const { config } = props;
  for (const place of config.place === undefined ? [] : targetPlaces(config, config.place)) {
    const id = `plumbline-${config.fleet}-in-${place.account}-${place.region}`;
    new TargetStack(app, id, { config, installation: config.place ?? place, place });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stack };
}
