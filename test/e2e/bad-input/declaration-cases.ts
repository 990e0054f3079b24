// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import type { BadCase } from './bad-case.ts';
import { applicationYaml } from './fleet-files.ts';

/** Mistakes in the declarations: those of one application are its own; where nobody can tell what there is, the whole commit is refused. */
export const DECLARATION_CASES: readonly BadCase[] = [
  {
    name: 'a declaration that is no YAML',
    bad: { 'plumbline/web.yaml': 'apiVersion: plumbline.dev/v1\nkind: Application\nmetadata: {name: web\nspec: {}\n' },
    code: 'ConfigInvalid',
    says: 'plumbline/web.yaml:4:5: read YAML: a comma or "}" was expected; add it, or quote a text that holds one of {}[],?',
    holds: 'fleet',
  },
  {
    name: 'two declarations of one name',
    bad: { 'plumbline/web-again.yaml': applicationYaml('web', 'elsewhere') },
    code: 'ConfigInvalid',
    says: 'plumbline/web.yaml:3:18: read declarations: Application "web": metadata.name: the name is taken by plumbline/web-again.yaml:3:18; rename or remove one of them',
    holds: 'fleet',
  },
  {
    name: 'an unknown field in a declaration',
    bad: { 'plumbline/web.yaml': applicationYaml('web', 'somewhere', 'source: {path: apps/web}, sync: {prun: false}') },
    code: 'ConfigInvalid',
    says: 'plumbline/web.yaml:4:109: read declarations: Application "web": spec.sync.prun: unknown field; did you mean "prune"?',
    holds: 'application',
  },
  {
    name: 'an unknown label of the cluster in ${...}',
    bad: {
      'plumbline/web.yaml': applicationYaml('web', 'somewhere', 'source: {path: "apps/${cluster.labels.stage}"}'),
    },
    code: 'ConfigInvalid',
    says: 'plumbline/web.yaml:4:91: read declarations: Application "web": spec.source.path: ${cluster.labels.stage} is unknown for cluster "target"; known are ${cluster.name}; a plain "${" is written "$${"',
    holds: 'application',
  },
  {
    name: 'dependencies in a circle',
    bad: {
      'plumbline/other.yaml': applicationYaml('other', 'somewhere', 'source: {path: apps/other}, dependsOn: [web]'),
      'plumbline/web.yaml': applicationYaml('web', 'somewhere', 'source: {path: apps/web}, dependsOn: [other]'),
    },
    code: 'DependencyCycle',
    says: 'plumbline/other.yaml:4:116: read declarations: Application "other": spec.dependsOn[0]: dependencies in a circle: other → web → other; remove one of these dependencies',
    holds: 'both',
  },
  {
    name: 'a folder without any declaration',
    bad: { 'plumbline/cluster.yaml': undefined, 'plumbline/other.yaml': undefined, 'plumbline/web.yaml': undefined },
    code: 'ConfigInvalid',
    says: 'plumbline/: read declarations: the folder holds no declarations; commit them there ("plumbline init" writes a first set), or name another folder',
    holds: 'fleet',
  },
];
