/** The demo's repository with its clusters in EKS; each commit is pushed to CodeCommit, where the stack sees it. */
import { DemoRepository } from '../../../cli/demo/demo-repository.ts';
import type { AwsLocal } from '../aws-local.ts';

const CLUSTERS = 'plumbline/clusters.yaml';

export class PushedRepository extends DemoRepository {
  readonly #aws: AwsLocal;

  constructor(path: string, aws: AwsLocal) {
    super(path);
    this.#aws = aws;
  }

  /** Declares both clusters as EKS clusters that are entered with a role, and pushes. */
  async createForEks(names: readonly [string, string], roleArn: string): Promise<void> {
    await super.create({ contexts: names, prefix: 'demo' });
    await this.edit(CLUSTERS, (text) =>
      text.replaceAll(
        /kubeconfig: \{context: "?([\w-]+)"?\}/g,
        `eks: {name: $1, region: eu-west-1, roleArn: "${roleArn}"}`,
      ),
    );
    await this.commit('the clusters are in EKS');
  }

  override async commit(message: string): Promise<string> {
    const revision = await super.commit(message);
    // The first commit is that of the example, before its clusters are where the stack finds them.
    if (message !== 'the fleet') await this.#aws.push(this.path);
    return revision;
  }

  override async revert(...commits: readonly string[]): Promise<string> {
    const revision = await super.revert(...commits);
    await this.#aws.push(this.path);
    return revision;
  }
}
