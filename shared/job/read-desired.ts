import type { DesiredApplication, DesiredState } from '../model/desired-state.ts';
import { readJsonBlob } from './blob-json.ts';
import type { BlobReader } from './ports.ts';

/** Until applications could have several sources, each had one rendering. */
type OldApplication = Omit<DesiredApplication, 'renderings'> & { readonly rendering: string };

type Stored = Omit<DesiredState, 'applications'> & {
  readonly applications: readonly (DesiredApplication | OldApplication)[];
};

/**
 * Returns the desired state under a blob key, as this version writes it: a fleet that was just upgraded still has what
 * the version before wrote, which counts until the next plan. Undefined: it is gone.
 */
export async function readDesired(blobs: BlobReader, key: string): Promise<DesiredState | undefined> {
  const stored = await readJsonBlob<Stored>(blobs, key);
  return stored && { ...stored, applications: stored.applications.map(asWrittenNow) };
}

function asWrittenNow(application: DesiredApplication | OldApplication): DesiredApplication {
  if ('renderings' in application) return application;
  const { rendering, ...rest } = application;
  return { ...rest, renderings: [rendering] };
}
