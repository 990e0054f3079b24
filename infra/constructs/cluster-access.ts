/**
 * For an account with clusters: the role that workers assume, and its entry into each cluster. Trusts the named roles of
 * the installation and no other of its account, and asks for the external id: whoever may assume roles there at will
 * still does not come in by accident.
 */
import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import { AccountPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Bound to rights by examples/cluster-access/rbac.yaml. */
const KUBERNETES_GROUP = 'plumbline';

export interface ClusterAccessProps {
  readonly fleet: string;
  /** Account of the installation. */
  readonly installation: string;
  /** Names of the roles there that may come in. */
  readonly roleNames: readonly string[];
  readonly externalId: string;
  /** Names of EKS clusters in this stack's account and Region. */
  readonly clusters: readonly string[];
  readonly rights: 'group' | 'admin';
}

export class ClusterAccess extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ClusterAccessProps) {
    super(scope, id);
    const { fleet, installation, roleNames, externalId, clusters, rights } = props;
    const { region } = Stack.of(this);
    const trusted = roleNames.map((name) =>
      Stack.of(this).formatArn({
        service: 'iam',
        region: '',
        account: installation,
        resource: 'role',
        resourceName: name,
      }),
    );
    this.role = new Role(this, 'Role', {
      roleName: `plumbline-${fleet}-${region}`,
      description: `Plumbline: workers of fleet ${fleet} come to the clusters of ${region} by this role`,
      // By condition: a principal that is named has to exist, and is another one after it was made anew.
      assumedBy: new AccountPrincipal(installation).withConditions({
        ArnEquals: { 'aws:PrincipalArn': trusted },
        StringEquals: { 'sts:ExternalId': externalId },
      }),
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['eks:DescribeCluster'],
        // A ClusterSet reads the tags of all to find its own; where a cluster is gives no right in it.
        resources: [Stack.of(this).formatArn({ service: 'eks', resource: 'cluster', resourceName: '*' })],
      }),
    );
    // EKS lets a list name no resource.
    this.role.addToPolicy(new PolicyStatement({ actions: ['eks:ListClusters'], resources: ['*'] }));
    this.#acceptFindings();
    for (const name of clusters) this.#enter(name, rights);
    new CfnOutput(this, 'RoleArn', { description: 'List this in clusterRoleArns', value: this.role.roleArn });
  }

  #acceptFindings(): void {
    const { account, region } = Stack.of(this);
    const clusters = `arn:<AWS::Partition>:eks:${region}:${account}:cluster/*`;
    for (const resource of ['*', clusters]) {
      Validations.of(this.role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason:
          'which clusters belong to a ClusterSet is known by their tags alone; to read them gives no right in them',
      });
    }
  }

  #enter(clusterName: string, rights: 'group' | 'admin'): void {
    const policyArn = Stack.of(this).formatArn({
      service: 'eks',
      region: '',
      account: 'aws',
      resource: 'cluster-access-policy',
      resourceName: 'AmazonEKSClusterAdminPolicy',
    });
    new CfnAccessEntry(this, `Entry-${clusterName}`, {
      clusterName,
      principalArn: this.role.roleArn,
      type: 'STANDARD',
      ...(rights === 'group'
        ? { kubernetesGroups: [KUBERNETES_GROUP] }
        : { accessPolicies: [{ policyArn, accessScope: { type: 'cluster' } }] }),
    });
  }
}
