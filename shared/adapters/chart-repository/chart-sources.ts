import { PlumblineError } from '../../errors.ts';
import type { ChartRepository, ChartSources } from '../../job/chart-port.ts';
import type { RepositoryDeclaration } from '../../model/declarations.ts';
import { CHART_LIMITS } from '../archives/archive-limits.ts';
import { unpackArchive } from '../archives/unpack-archive.ts';
import type { HttpCredentials } from '../http/http-client.ts';
import { OciCharts } from '../oci/oci-charts.ts';
import { ociPlaceOf } from '../oci/oci-place.ts';
import { HttpChartRepository } from './chart-repository.ts';

/** Returns the credentials of a secret by its name; `subject` is the Repository, for errors. */
export type SecretOf = (name: string, subject: string) => HttpCredentials;

/** Returns the charts of a process: a repository stays open, so that its index is fetched only when it has changed. */
export function openChartSources(secretOf: SecretOf): ChartSources {
  const opened = new Map<string, ChartRepository>();
  return {
    open: (repository) => {
      const key = JSON.stringify(repository.spec);
      const open = opened.get(key) ?? openCharts(repository, secretOf);
      opened.set(key, open);
      return open;
    },
    unpack: (archive, subject) => unpackArchive(archive, { subject, limits: CHART_LIMITS, stripFolder: true }),
  };
}

function openCharts({ spec, metadata }: RepositoryDeclaration, secretOf: SecretOf): ChartRepository {
  const subject = `Repository ${metadata.name}`;
  const { helm, oci } = spec;
  if (oci !== undefined) return new OciCharts(ociPlaceOf(oci, (name) => secretOf(name, subject)));
  if (helm === undefined) throw noCharts(subject);
  const credentials = helm.credentials === undefined ? undefined : secretOf(helm.credentials, subject);
  return new HttpChartRepository({ ...helm, credentials });
}

function noCharts(subject: string): PlumblineError {
  const wrong = 'it is of a kind that holds no charts by name';
  const remedy = 'name one with spec.helm or spec.oci, or give a path instead of a chart';
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'open the repository', wrong, remedy }]);
}

/** Returns the error for reading files, not charts, from a chart repository. */
export function holdsChartsOnly(subject: string): PlumblineError {
  const wrong = 'it is a chart repository, which has no files by path';
  const remedy = 'name one of its charts: spec.source.chart';
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'open the repository', wrong, remedy }]);
}
