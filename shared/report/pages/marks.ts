/** Marks of state: each tone has a shape of its own, and a word always stands beside it or is read out for it. */
import type { Health, SyncStatus } from '../../model/health.ts';
import type { ApplicationStatus } from '../../model/status.ts';
import type { ClusterState } from '../cluster-state.ts';
import { type Html, html } from './html.ts';

/** Worst first. */
export const TONES = ['bad', 'warn', 'busy', 'unknown', 'still', 'good'] as const;
export type Tone = (typeof TONES)[number];

/** What one looks at, in one word, and how bad that is. */
export interface Verdict {
  readonly tone: Tone;
  readonly word: string;
}

/** For grids of thousands of cells: the same shapes as characters that every system font has. */
export const GLYPHS: Readonly<Record<Tone, string>> = {
  bad: '■',
  warn: '▲',
  busy: '◐',
  unknown: '○',
  still: '◇',
  good: '●',
};

const SHAPES: Readonly<Record<Tone, Html>> = {
  good: html`<circle class="f" cx="8" cy="8" r="7"/><path class="k" d="M4.8 8.3l2.2 2.2 4.3-4.6"/>`,
  bad: html`<rect class="f" x="1" y="1" width="14" height="14" rx="2.5"/><path class="k" d="M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6"/>`,
  warn: html`<path class="f" d="M8 1.2L15.4 14a.8.8 0 0 1-.7 1.2H1.3A.8.8 0 0 1 .6 14z"/><path class="k" d="M8 6v4m0 2.3v.4"/>`,
  busy: html`<circle class="o" cx="8" cy="8" r="6.2"/><path class="f" d="M8 1.8a6.2 6.2 0 0 0 0 12.4z"/>`,
  unknown: html`<circle class="o" cx="8" cy="8" r="6.2" stroke-dasharray="2.6 2.27"/>`,
  still: html`<path class="o" d="M8 1.4L14.6 8 8 14.6 1.4 8z"/><path class="o" d="M6.7 6.2v3.6m2.6-3.6v3.6"/>`,
};

/** Returns the shape alone; say the word beside it. */
export function shapeOf(tone: Tone): Html {
  return html`<svg class="mark ${tone}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${SHAPES[tone]}</svg>`;
}

/** Returns shape and word. */
export function markOf({ tone, word }: Verdict): Html {
  return html`<span class="state ${tone}">${shapeOf(tone)}<span>${word}</span></span>`;
}

const CLUSTER_TONES: Readonly<Record<ClusterState, Tone>> = {
  unreachable: 'bad',
  failed: 'bad',
  'out-of-sync': 'warn',
  behind: 'busy',
  applying: 'busy',
  new: 'busy',
  unknown: 'unknown',
  gone: 'still',
  suspended: 'still',
  synced: 'good',
};
const HEALTH_TONES: Readonly<Record<Health, Tone>> = {
  healthy: 'good',
  suspended: 'still',
  progressing: 'busy',
  unknown: 'unknown',
  missing: 'bad',
  degraded: 'bad',
};
const SYNC_TONES: Readonly<Record<SyncStatus, Tone>> = { synced: 'good', unknown: 'unknown', 'out-of-sync': 'warn' };

export function verdictOfCluster(state: ClusterState): Verdict {
  return { tone: CLUSTER_TONES[state], word: state };
}

export function verdictOfHealth(health: Health): Verdict {
  return { tone: HEALTH_TONES[health], word: health };
}

export function verdictOfSync(sync: SyncStatus): Verdict {
  return { tone: SYNC_TONES[sync], word: sync };
}

/** Returns the one word for sync, health and all else that is known of an application: the worst of it. */
export function verdictOfApplication(application: ApplicationStatus): Verdict {
  const { problems, suspend, waitingFor, health, sync } = application;
  if (problems.length > 0) return { tone: 'bad', word: 'failed' };
  if (suspend) return { tone: 'still', word: 'suspended' };
  if (waitingFor !== '') return { tone: 'busy', word: 'waiting' };
  if (HEALTH_TONES[health] === 'bad') return verdictOfHealth(health);
  if (sync === 'out-of-sync') return verdictOfSync(sync);
  return health === 'healthy' && sync !== 'synced' ? { tone: 'unknown', word: 'unknown' } : verdictOfHealth(health);
}

/** For sorting: trouble first. */
export function rankOf({ tone }: Verdict): number {
  return TONES.indexOf(tone);
}
