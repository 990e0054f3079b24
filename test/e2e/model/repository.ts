/** What Git says, and how commits change it: the model's own word for the desired state. */

import type { DesiredState } from '../../../shared/model/desired-state.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import type { WantedApplication } from '../reconcile/fleet-under-test.ts';
import { FIXED, objectOf, poolObject, type Values } from './pool.ts';

export const POLICIES = ['plain', 'keep', 'confirm', 'create-only', 'ignore', 'report', 'force', 'replace'] as const;
/** What the annotations of an object ask for; one thing at a time. */
export type Policy = (typeof POLICIES)[number];

const ANNOTATIONS: Readonly<Record<Policy, Readonly<Record<string, string>>>> = {
  plain: {},
  keep: { 'plumbline.dev/prune': 'false' },
  confirm: { 'plumbline.dev/prune': 'confirm' },
  'create-only': { 'plumbline.dev/apply': 'create-only' },
  ignore: { 'plumbline.dev/apply': 'ignore' },
  report: { 'plumbline.dev/drift': 'report' },
  force: { 'plumbline.dev/conflicts': 'force' },
  replace: { 'plumbline.dev/replace': 'true' },
};

export interface DeclaredObject extends Values {
  readonly application: string;
  readonly policy: Policy;
  readonly wave: number;
}

export interface DeclaredApplication {
  readonly suspend: boolean;
  readonly prune: boolean;
  readonly drift: 'heal' | 'report';
  readonly conflicts: 'fail' | 'force';
  readonly adopt: boolean;
  readonly allowEmpty: boolean;
  readonly pruneLimit: '0%' | '50%' | '100%';
  readonly deletion: 'prune' | 'orphan';
  /** Newest first. */
  readonly formerNames: readonly string[];
  /** Only those that are declared and come before it in the alphabet count: no circles. */
  readonly dependsOn: readonly string[];
}

export interface Git {
  readonly applications: ReadonlyMap<string, DeclaredApplication>;
  /** By name, which says the kind too. */
  readonly objects: ReadonlyMap<string, DeclaredObject>;
  /** Applications whose newest commit is not rendered yet, with what was planned of them before; undefined: nothing. */
  readonly heldBack: ReadonlyMap<string, Planned | undefined>;
}

export interface Planned {
  readonly settings: DeclaredApplication;
  readonly objects: ReadonlyMap<string, DeclaredObject>;
}

/** One change of a commit. Each makes sense whatever came before it: what is not there is not changed. */
export type GitChange =
  | ({ readonly change: 'declare'; readonly object: string } & DeclaredObject)
  | { readonly change: 'drop'; readonly object: string }
  | { readonly change: 'ask'; readonly object: string; readonly policy: Policy }
  | { readonly change: 'move'; readonly object: string; readonly to: string }
  | { readonly change: 'set'; readonly application: string; readonly settings: Partial<DeclaredApplication> }
  | { readonly change: 'remove'; readonly application: string }
  | { readonly change: 'rename'; readonly application: string; readonly to: string; readonly says: boolean };

export const EMPTY_GIT: Git = { applications: new Map(), objects: new Map(), heldBack: new Map() };

const NEW_APPLICATION: DeclaredApplication = {
  suspend: false,
  prune: true,
  drift: 'heal',
  conflicts: 'fail',
  adopt: false,
  allowEmpty: false,
  pruneLimit: '50%',
  deletion: 'prune',
  formerNames: [],
  dependsOn: [],
};

/** Settings under which nothing stands in the way any more: what was held back comes in. */
const PEACE: Omit<DeclaredApplication, 'formerNames' | 'dependsOn'> = {
  suspend: false,
  prune: true,
  drift: 'heal',
  conflicts: 'force',
  adopt: true,
  allowEmpty: true,
  pruneLimit: '100%',
  deletion: 'prune',
};

/** Returns the commit that takes away everything that may hold others back, but not what protects objects. */
export function changesForPeace({ applications, objects }: Git): readonly GitChange[] {
  return [
    ...[...applications.keys()].map((application): GitChange => ({ change: 'set', application, settings: PEACE })),
    ...[...objects].flatMap(([object, { policy }]): readonly GitChange[] => {
      const asked = object === FIXED ? 'replace' : 'plain';
      return policy === 'keep' || policy === 'confirm' ? [] : [{ change: 'ask', object, policy: asked }];
    }),
  ];
}

export function committed(git: Git, changes: readonly GitChange[]): Git {
  return changes.reduce(changed, git);
}

function changed({ applications, objects }: Git, change: GitChange): Git {
  const apps = new Map(applications);
  const objs = new Map(objects);
  const ensure = (name: string) => apps.set(name, apps.get(name) ?? NEW_APPLICATION);
  const withObject = (name: string, change: Partial<DeclaredObject>) => {
    const object = objs.get(name);
    if (object !== undefined) objs.set(name, { ...object, ...change });
  };
  const giveAll = (from: string, to: string) => {
    for (const [name, object] of objs) if (object.application === from) objs.set(name, { ...object, application: to });
  };
  switch (change.change) {
    case 'declare': {
      const { change: _change, object, ...declared } = change;
      ensure(declared.application);
      objs.set(object, declared);
      break;
    }
    case 'drop':
      objs.delete(change.object);
      break;
    case 'move': {
      if (objs.has(change.object)) ensure(change.to);
      withObject(change.object, { application: change.to });
      break;
    }
    case 'ask':
      withObject(change.object, { policy: change.policy });
      break;
    case 'set': {
      const settings = apps.get(change.application);
      if (settings !== undefined) apps.set(change.application, { ...settings, ...change.settings });
      break;
    }
    case 'remove':
      apps.delete(change.application);
      for (const [name, { application }] of objs) if (application === change.application) objs.delete(name);
      break;
    case 'rename': {
      const settings = apps.get(change.application);
      if (settings === undefined || change.application === change.to) break;
      apps.delete(change.application);
      apps.set(change.to, renamed(apps.get(change.to) ?? settings, change, settings));
      giveAll(change.application, change.to);
      break;
    }
  }
  return { applications: apps, objects: objs, heldBack: new Map() };
}

function renamed(
  of: DeclaredApplication,
  { application, to, says }: Extract<GitChange, { change: 'rename' }>,
  former: DeclaredApplication,
): DeclaredApplication {
  const names = [...(says ? [application] : []), ...of.formerNames, ...(says ? former.formerNames : [])];
  return { ...of, formerNames: [...new Set(names)].filter((name) => name !== to) };
}

/** Returns what an application is called today: a name that is declared is nobody's former one. */
export function nameToday({ applications }: Git, name: string): string {
  if (applications.has(name)) return name;
  const heirs = [...applications].filter(([, { formerNames }]) => formerNames.includes(name));
  return heirs.map(([heir]) => heir).sort()[0] ?? name;
}

/** Returns `git` as a planner has it who waits for the rendering of `names`; `before` is what was planned last. */
export function withHeldBack(git: Git, before: Git, names: readonly string[]): Git {
  const held = names.filter((name) => git.applications.has(name));
  return { ...git, heldBack: new Map(held.map((name) => [name, planOf(before, name)])) };
}

/** Returns what a planner has of an application: of one that is held back all as it was planned before, settings too. */
export function planOf(git: Git, name: string): Planned | undefined {
  if (git.heldBack.has(name)) return git.heldBack.get(name);
  const settings = git.applications.get(name);
  return settings && { settings, objects: new Map(objectsOf(git, name)) };
}

function objectsOf(git: Git, name: string): readonly (readonly [string, DeclaredObject])[] {
  return [...git.objects].filter(([, { application }]) => application === name);
}

/** Returns what a planner would write for the cluster. */
export function wantedOf(git: Git): {
  readonly applications: Readonly<Record<string, WantedApplication>>;
  readonly unavailable: DesiredState['unavailable'];
} {
  const planned = [...git.applications.keys()].map((name) => [name, planOf(git, name)] as const);
  return {
    applications: Object.fromEntries(
      planned.flatMap(([name, one]) =>
        one ? [[name, wantedApplication(one, upstreamOf(git, name), git.heldBack.has(name))] as const] : [],
      ),
    ),
    unavailable: planned.flatMap(([name, one]) => {
      const { formerNames = [] } = git.applications.get(name) ?? {};
      return one ? [] : [{ name, problems: [], formerNames }];
    }),
  };
}

/** Returns what `application` waits for, as it is planned. */
export function upstreamOf(git: Git, application: string): readonly string[] {
  const { dependsOn = [] } = planOf(git, application)?.settings ?? {};
  return dependsOn.filter((name) => name < application && git.applications.has(name));
}

function wantedApplication(
  { settings, objects }: Planned,
  dependsOn: readonly string[],
  isHeldBack: boolean,
): WantedApplication {
  const { suspend, adopt, deletion, formerNames, dependsOn: _all, ...sync } = settings;
  return {
    objects: [...objects].map(([object, declared]) => declaredObject(object, declared)),
    settings: {
      ...{ suspend, deletion, formerNames, dependsOn },
      sync: { ...sync, adopt: adopt ? ['any'] : [] },
      ...(isHeldBack && { heldBack: { reason: 'rendering' } }),
    },
  };
}

function declaredObject(name: string, declared: DeclaredObject): KubeObject {
  const annotations = {
    ...ANNOTATIONS[declared.policy],
    ...(declared.wave !== 0 && { 'plumbline.dev/sync-wave': String(declared.wave) }),
  };
  return objectOf(poolObject(name), declared, { name, annotations });
}
