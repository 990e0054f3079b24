/** Our own annotations. */
import type { KubeObject } from '../kube-object.ts';
import type { DialectReading } from './dialect.ts';

const SYNC_WAVE = 'plumbline.dev/sync-wave';
const PRUNE = 'plumbline.dev/prune';

export function readPlumbline({ metadata }: KubeObject): DialectReading {
  const { [SYNC_WAVE]: wave, [PRUNE]: prune } = metadata.annotations ?? {};
  if (wave !== undefined && !/^[+-]?[0-9]{1,9}$/.test(wave)) {
    return {
      ok: false,
      wrong: `annotation ${SYNC_WAVE} is "${wave}"`,
      remedy: 'give a whole number such as "-1" or "10"',
    };
  }
  return {
    ok: true,
    words: [
      ...(wave === undefined ? [] : [{ part: { wave: Number(wave) }, annotation: `${SYNC_WAVE}: "${wave}"` }]),
      ...(prune === 'false'
        ? [{ part: { prune: 'no', removal: 'no' } as const, annotation: `${PRUNE}: "false"` }]
        : []),
    ],
  };
}
