/** What Git says, and how commits change it: the model's own word for the desired state. */
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import type { WantedApplication } from '../reconcile/fleet-under-test.ts';
import { objectOf, poolObject, type Values } from './pool.ts';

export interface DeclaredObject extends Values {
  readonly application: string;
  /** `plumbline.dev/prune: "false"`. */
  readonly keep: boolean;
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
}

export interface Git {
  readonly applications: ReadonlyMap<string, DeclaredApplication>;
  /** By name, which says the kind too. */
  readonly objects: ReadonlyMap<string, DeclaredObject>;
}

/** One change of a commit. Each makes sense whatever came before it: what is not there is not changed. */
export type GitChange =
  | ({ readonly change: 'declare'; readonly object: string } & DeclaredObject)
  | { readonly change: 'drop'; readonly object: string }
  | { readonly change: 'move'; readonly object: string; readonly to: string }
  | { readonly change: 'set'; readonly application: string; readonly settings: Partial<DeclaredApplication> }
  | { readonly change: 'remove'; readonly application: string }
  | { readonly change: 'rename'; readonly application: string; readonly to: string };

export const EMPTY_GIT: Git = { applications: new Map(), objects: new Map() };

const NEW_APPLICATION: DeclaredApplication = {
  suspend: false,
  prune: true,
  drift: 'heal',
  conflicts: 'fail',
  adopt: false,
  allowEmpty: false,
  pruneLimit: '50%',
};

/** Settings under which nothing stands in the way any more: what was held back comes in. */
export const PEACE: DeclaredApplication = {
  suspend: false,
  prune: true,
  drift: 'heal',
  conflicts: 'force',
  adopt: true,
  allowEmpty: true,
  pruneLimit: '100%',
};

export function committed(git: Git, changes: readonly GitChange[]): Git {
  return changes.reduce(changed, git);
}

function changed({ applications, objects }: Git, change: GitChange): Git {
  const apps = new Map(applications);
  const objs = new Map(objects);
  const ensure = (name: string) => apps.set(name, apps.get(name) ?? NEW_APPLICATION);
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
      const object = objs.get(change.object);
      if (object === undefined) break;
      ensure(change.to);
      objs.set(change.object, { ...object, application: change.to });
      break;
    }
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
      apps.set(change.to, apps.get(change.to) ?? settings);
      giveAll(change.application, change.to);
      break;
    }
  }
  return { applications: apps, objects: objs };
}

/** Returns what a planner would make of it. */
export function wantedOf(git: Git): Readonly<Record<string, WantedApplication>> {
  const entries = [...git.applications].map(([name, application]) => {
    const { suspend, adopt, ...sync } = application;
    const own = [...git.objects].filter(([, object]) => object.application === name);
    const wanted: WantedApplication = {
      objects: own.map(([object, declared]) => declaredObject(object, declared)),
      settings: { suspend, sync: { ...sync, adopt: adopt ? ['any'] : [] } },
    };
    return [name, wanted] as const;
  });
  return Object.fromEntries(entries);
}

function declaredObject(name: string, declared: DeclaredObject): KubeObject {
  const annotations = {
    ...(declared.keep && { 'plumbline.dev/prune': 'false' }),
    ...(declared.wave !== 0 && { 'plumbline.dev/sync-wave': String(declared.wave) }),
  };
  return objectOf(poolObject(name), declared, { name, annotations });
}
