import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createStackOutputs } from '../../shared/adapters/cloudformation/stack-outputs.ts';
import { createSsmParameters } from '../../shared/adapters/ssm/ssm-parameters.ts';
import { outsideValues } from '../../shared/job/plan-fleet/outside-values.ts';
import { startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { FakeOutsideValues } from '../fakes/fake-outside-values.ts';
import { outsideValuesContract } from './outside-values-contract.ts';

outsideValuesContract('the fake', async () => {
  const values = new FakeOutsideValues();
  return {
    values,
    putParameter: async (name, text, type) => {
      values.set({ from: 'ssmParameter', name }, { found: 'text', text, isSecret: type === 'SecureString' });
    },
    putStack: async (stack, outputs) => {
      for (const [output, text] of Object.entries(outputs)) {
        values.set({ from: 'stackOutput', stack, output }, { found: 'text', text, isSecret: false });
      }
    },
    close: async () => undefined,
  };
});

outsideValuesContract(
  'Systems Manager and CloudFormation',
  async () => {
    const moto = await startMoto();
    const { region, url: endpoint, credentials } = moto;
    const ssm = new SSMClient({ region, endpoint, credentials });
    const cloudFormation = new CloudFormationClient({ region, endpoint, credentials });
    return {
      values: outsideValues(
        createSsmParameters(() => ssm),
        createStackOutputs(() => cloudFormation),
      ),
      putParameter: async (Name, Value, Type) => {
        await ssm.send(new PutParameterCommand({ Name, Value, Type }));
      },
      putStack: async (StackName, outputs) => {
        const TemplateBody = JSON.stringify({
          Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
          Outputs: Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }])),
        });
        await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
      },
      close: async () => {
        ssm.destroy();
        cloudFormation.destroy();
        await moto.stop();
      },
    };
  },
  pythonIsMissing,
);
