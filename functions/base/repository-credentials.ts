import { type GitCredentials, secretCredentials } from '../../shared/adapters/git-http/git-credentials.ts';
import type { SecretReader } from '../../shared/adapters/secrets-manager/secret-reader.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import { PlumblineError } from '../../shared/errors.ts';

export interface SecretParts {
  readonly settings: FunctionSettings;
  readonly secrets: SecretReader;
}

/** Returns the credentials of a Repository. @throws {ConfigInvalid} when the planner may not read such a secret. */
export function repositoryCredentials(
  { settings, secrets }: SecretParts,
  name: string,
  subject: string,
): GitCredentials {
  const arn = settings.texts('gitSecrets').get(name);
  if (arn === undefined) throw unknownSecret(subject, name);
  return secretCredentials(name, async (options) => (await secrets.read(arn, options)).current);
}

function unknownSecret(subject: string, name: string): PlumblineError {
  const wrong = `credentials "${name}" are the name of no secret that the planner may read`;
  const remedy = 'name the secret in plumbline.config.ts (gitSecrets) and deploy again';
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'open the repository', wrong, remedy }]);
}
