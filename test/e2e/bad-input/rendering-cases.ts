import type { FileChanges } from '../../contract/source-repository.ts';
import type { BadCase } from './bad-case.ts';
import { applicationYaml, configMapYaml } from './fleet-files.ts';

const chart = (value: string): FileChanges => ({
  'apps/web/web.yaml': undefined,
  'apps/web/old.yaml': undefined,
  'apps/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'apps/web/values.yaml': `value: "${value}"\n`,
  'apps/web/templates/web.yaml': configMapYaml('web', '{{ .Values.value }}'),
  'apps/web/templates/old.yaml': value === '1' ? configMapYaml('web-old', '1') : undefined,
});

const kustomization = (value: string): FileChanges => ({
  'apps/web/web.yaml': configMapYaml('web', value),
  'apps/web/old.yaml': value === '1' ? configMapYaml('web-old', '1') : undefined,
  'apps/web/kustomization.yaml': `resources: [web.yaml${value === '1' ? ', old.yaml' : ''}]\n`,
});

/** Mistakes in the files of one application: its last good state stays, the others go on, nothing is pruned. */
export const RENDERING_CASES: readonly BadCase[] = [
  {
    name: 'a manifest that is no YAML',
    bad: { 'apps/web/broken.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "broken\n' },
    code: 'RenderFailed',
    says: 'apps/web/broken.yaml:4:9: read YAML: the quotes are not closed; close the quotes',
    holds: 'application',
  },
  {
    name: 'two applications that declare one object',
    bad: { 'apps/other/web.yaml': configMapYaml('web', 'mine') },
    code: 'DuplicateObject',
    says: 'ConfigMap/NAMESPACE/web: plan: it is declared twice: by application other (apps/other/web.yaml:1) and by web (apps/web/web.yaml:1); keep it in one of them',
    holds: 'both',
  },
  {
    name: 'a chart that fails',
    web: chart,
    bad: { 'apps/web/templates/web.yaml': configMapYaml('web', '{{ .Values.colour.name }}') },
    code: 'RenderFailed',
    says: 'apps/web/templates/web.yaml:4:25: helm template: <.Values.colour.name>: nil pointer evaluating interface {}.name; set the value, or give it a default in values.yaml',
    holds: 'application',
  },
  {
    name: 'a kustomization with a missing file',
    web: kustomization,
    bad: { 'apps/web/kustomization.yaml': 'resources:\n- web.yaml\n- gone.yaml\n' },
    code: 'RenderFailed',
    says: 'apps/web/kustomization.yaml:3:3: render: there is no "gone.yaml"; correct the path, or add the file to the repository',
    holds: 'application',
  },
  {
    name: 'a folder that is gone',
    bad: { 'apps/web/web.yaml': undefined },
    code: 'RenderFailed',
    says: 'apps/web: render: there is no such folder in the repository; correct spec.source.path',
    holds: 'application',
  },
  {
    name: 'a ConfigMap of 5 MB',
    bad: { 'apps/web/web.yaml': configMapYaml('web', 'x'.repeat(5_000_000)) },
    code: 'RenderFailed',
    says: 'apps/web/web.yaml:1: read the object: ConfigMap/web: its data come to 4.8 MiB; a ConfigMap holds at most 1 MiB; part it, or bring large files in with an image or a volume',
    holds: 'application',
  },
  {
    name: 'a path that leaves the repository by ".."',
    bad: { 'plumbline/web.yaml': applicationYaml('web', 'somewhere', 'source: {path: ../../etc}') },
    code: 'RenderFailed',
    says: '../../etc: render: the path leaves the repository; let spec.source.path name a folder inside of the repository',
    holds: 'application',
  },
  {
    name: 'a folder that is a symlink out of the repository',
    bad: { 'apps/web': { link: '../../../etc' } },
    code: 'RenderFailed',
    says: 'apps/web: render: the path leaves the repository by the symlink "apps/web" to "../../../etc"; let spec.source.path name a folder inside of the repository',
    holds: 'application',
  },
  {
    name: 'a manifest that is a symlink out of the repository',
    bad: { 'apps/web/web.yaml': { link: '/etc/hostname' } },
    code: 'RenderFailed',
    says: 'apps/web/web.yaml: render: "apps/web/web.yaml" leaves the repository by the symlink "apps/web/web.yaml" to "/etc/hostname"; copy what it names into the repository',
    holds: 'application',
  },
  {
    name: 'a kustomization that names a file outside of the repository',
    web: kustomization,
    bad: { 'apps/web/kustomization.yaml': 'resources: [web.yaml, ../../../etc/hostname]\n' },
    code: 'RenderFailed',
    says: 'apps/web/kustomization.yaml:1:23: render: "../../../etc/hostname" leaves the repository; copy what it names into the repository',
    holds: 'application',
  },
  {
    name: 'a values file outside of the repository',
    web: chart,
    bad: {
      'plumbline/web.yaml': applicationYaml(
        'web',
        'somewhere',
        'source: {path: apps/web}, render: {helm: {valuesFiles: [../../../../etc/hostname]}}',
      ),
    },
    code: 'RenderFailed',
    says: 'apps/web: render: "../../../../etc/hostname" leaves the repository; copy what it names into the repository',
    holds: 'application',
  },
];
