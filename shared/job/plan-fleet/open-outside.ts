import { PlumblineError } from '../../errors.ts';
import type { Declared, RepositoryDeclaration } from '../../model/declarations.ts';
import { addressOf, repositoryKey } from '../../model/repository-address.ts';
import type { Outside, WantedBase } from '../../render/outside.ts';
import { declarationFor } from '../../render/remote-reference.ts';
import { type ChartDeps, openCharts } from './open-charts.ts';
import type { OpenTrees } from './open-trees.ts';

/** Returns what renderings of this fleet may fetch: from repositories that it declares, and from nowhere else. */
export function openOutside(
  trees: OpenTrees,
  repositories: readonly Declared<RepositoryDeclaration>[],
  deps: ChartDeps,
): Outside {
  return {
    ...openCharts(deps, repositories),
    base: async ({ url, revision }: WantedBase) => {
      const wanted = repositoryKey(url);
      const found = repositories.find(({ declaration }) => {
        const address = addressOf(declaration.spec);
        return address !== undefined && repositoryKey(address) === wanted;
      });
      if (found === undefined) throw undeclared(url);
      return (await trees({ repository: found.declaration.metadata.name, revision })).tree;
    },
  };
}

/** A repository alone can make nobody call anywhere: its files may come from people who must not choose addresses. */
function undeclared(url: string): PlumblineError {
  return new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: url,
      act: 'fetch',
      wrong: `no Repository of the fleet has the address ${url}`,
      remedy: `declare it: ${declarationFor(url)}`,
    },
  ]);
}
