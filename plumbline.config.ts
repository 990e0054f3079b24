import type { PlumblineConfig } from './infra/config.ts';

/** The settings of this installation; every field is described in infra/config.ts, the way in docs/deploy.md. */
export const plumblineConfig: PlumblineConfig = {
  fleet: 'fleet',
  repository: { codecommit: { name: 'fleet', region: 'eu-west-1' } },
};
