/** What the CDK's own command runs (cdk.json). */
import { synthesize } from './synthesize.ts';

synthesize(undefined);
