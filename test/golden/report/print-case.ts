/**
 * A golden case: `<name>.yaml` says which report, with which options, of which input; `<name>.txt` is the whole text that
 * must come out, `<name>.json` its `--json` counterpart. The YAML is trusted test data; it spares refs
 * (`Deployment.apps/web/api`), maps (lists), times (`3 m ago`: ms since 1970 counted back from now) and commits.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { isJsonObject, type Json } from '../../../shared/model/json.ts';
import { refOf } from '../../../shared/model/kube-object.ts';
import { formatRef, type ObjectRef } from '../../../shared/model/object-ref.ts';
import type { Commit } from '../../../shared/model/revision.ts';
import type { ObjectStatus, RunSummary, SeenDrift } from '../../../shared/model/status.ts';
import { type DriftTextOptions, formatDrift } from '../../../shared/report/drift-text.ts';
import { type ExplainTextOptions, formatExplained } from '../../../shared/report/explain-text.ts';
import { eventJson } from '../../../shared/report/event-json.ts';
import type { ExplainedObject } from '../../../shared/report/explained-object.ts';
import type { FleetPlan } from '../../../shared/report/fleet-plan.ts';
import { formatHistory, type HistoryTextOptions } from '../../../shared/report/history-text.ts';
import {
  driftJson,
  explainJson,
  historyJson,
  planJson,
  problemsJson,
  runJson,
  statusJson,
} from '../../../shared/report/json-report.ts';
import { formatRun } from '../../../shared/report/outcome-text.ts';
import { formatPlan, type PlanTextOptions } from '../../../shared/report/plan-text.ts';
import { formatProblems, type PlacedProblem } from '../../../shared/report/problems-text.ts';
import { formatProgress, type ProgressEvent } from '../../../shared/report/progress-line.ts';
import { type FleetReport, formatStatus, type StatusTextOptions } from '../../../shared/report/status-text.ts';
import { validationGithub } from '../../../shared/report/validation/validation-github.ts';
import { validationJson } from '../../../shared/report/validation/validation-json.ts';
import { validationJunit } from '../../../shared/report/validation/validation-junit.ts';
import type { ValidationReport } from '../../../shared/report/validation/validation-report.ts';
import { validationSarif } from '../../../shared/report/validation/validation-sarif.ts';
import { formatValidation } from '../../../shared/report/validation/validation-text.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

type TextOptions = PlanTextOptions & StatusTextOptions & DriftTextOptions & HistoryTextOptions & ExplainTextOptions;

type Case = { readonly options: TextOptions } & (
  | { readonly report: 'plan'; readonly input: FleetPlan }
  | { readonly report: 'status'; readonly input: FleetReport }
  | { readonly report: 'drift'; readonly input: readonly SeenDrift[] }
  | { readonly report: 'history'; readonly input: { readonly runs: readonly RunSummary[]; readonly commits: readonly Commit[] } }
  | { readonly report: 'run'; readonly input: { readonly run: RunSummary; readonly objects: readonly ObjectStatus[] } }
  | { readonly report: 'explain'; readonly input: ExplainedObject }
  | { readonly report: 'problems'; readonly input: readonly PlacedProblem[] }
  | { readonly report: 'progress'; readonly input: readonly ProgressEvent[] }
  | { readonly report: 'validate' | 'machines'; readonly input: ValidationReport }
);

export interface PrintedCase {
  readonly text: string;
  /** Undefined: the report has no JSON counterpart. */
  readonly json: Json | undefined;
}

/** Returns the names of all cases beside this file, sorted. */
export function caseNames(): readonly string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** Returns what the report of a case prints now. */
export function printCase(name: string): PrintedCase {
  const { options, ...rest } = readCase(name);
  switch (rest.report) {
    case 'plan':
      return { text: formatPlan(rest.input, options), json: planJson(rest.input) };
    case 'status':
      return { text: formatStatus(rest.input, options), json: statusJson(rest.input) };
    case 'drift':
      return { text: formatDrift(rest.input, options), json: driftJson(rest.input, NOW_MS) };
    case 'history': {
      const { runs, commits } = rest.input;
      const byRevision = new Map(commits.map((commit) => [commit.revision, commit]));
      return { text: formatHistory(runs, byRevision, options), json: historyJson(runs) };
    }
    case 'run':
      return {
        text: formatRun(rest.input.run, rest.input.objects, options),
        json: runJson(rest.input.run, rest.input.objects),
      };
    case 'explain':
      return { text: formatExplained(rest.input, options), json: explainJson(rest.input) };
    case 'problems':
      return { text: formatProblems(rest.input, options), json: problemsJson(rest.input) };
    case 'progress':
      return {
        text: rest.input.map((event) => formatProgress(event, options)).join(''),
        json: rest.input.map((event) => eventJson(event, NOW_MS)),
      };
    case 'validate':
      return { text: formatValidation(rest.input, options), json: validationJson(rest.input) };
    case 'machines':
      return {
        text: `${validationJunit(rest.input, 'error')}\n${validationGithub(rest.input)}`,
        json: validationSarif(rest.input, '1.2.3'),
      };
  }
}

/** Returns the path of a file of a case: its `.yaml`, `.txt` or `.json`. */
export function pathOf(name: string, extension: 'yaml' | 'txt' | 'json'): string {
  return `${import.meta.dirname}/${name}.${extension}`;
}

function readCase(name: string): Case {
  const document = load(readFileSync(pathOf(name, 'yaml'), 'utf8'));
  const { options, ...rest } = revive('', document) as Case;
  const defaults = { by: 'fleet', full: false, color: false, width: 120, nowMs: NOW_MS } as const;
  return { ...rest, options: { ...defaults, ...options } } as Case;
}

function revive(field: string, value: unknown): unknown {
  if (typeof value === 'string') return reviveText(field, value);
  if (field === 'merged' && Array.isArray(value)) return new Map(value.map((object) => [formatRef(refOf(object)), object]));
  if (Array.isArray(value)) return value.map((item) => revive(field === 'commits' ? 'commit' : '', item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(key, item)]));
}

function reviveText(field: string, text: string): unknown {
  if (field === 'ref') return parseRef(text);
  if (['commit', 'head', 'planned', 'lastChange'].includes(field)) return parseCommit(text);
  const ago = /^([0-9]+) (s|m|h|d) ago$/.exec(text);
  if (ago === null) return text;
  return NOW_MS - Number(ago[1]) * ({ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[ago[2] ?? ''] ?? Number.NaN);
}

/** `4f9c2e1 raise memory of podinfo (Ana, 3 m ago)` */
function parseCommit(text: string): Commit {
  const [, revision = '', subject = '', author = '', at = ''] = /^(\S+) (.*) \((.*), (.*)\)$/s.exec(text) ?? [];
  const whole = revision.startsWith('worktree-') ? revision : revision.padEnd(40, '0');
  return { revision: whole, subject, author, committedAtMs: Number(reviveText('', at)) };
}

function parseRef(text: string): ObjectRef {
  const [groupKind = '', ...place] = text.split('/');
  const [kind = '', ...group] = groupKind.split('.');
  const name = place.at(-1) ?? '';
  return { kind, group: group.join('.'), namespace: place.length > 1 ? (place[0] ?? '') : '', name };
}
