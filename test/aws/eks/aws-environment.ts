// biome-ignore-all lint/style/noProcessEnv: the AWS SDK has its own variables, and a test process is a function's
/** Sets what the AWS SDK reads: region, credentials, and where services are. For the rest of the process. */
export function setAwsEnvironment(settings: {
  readonly region?: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** By the service's part of the variable's name: `EKS`, `STS`. */
  readonly endpoints: Readonly<Record<string, string>>;
}): void {
  process.env.AWS_REGION = settings.region ?? 'eu-west-1';
  process.env.AWS_ACCESS_KEY_ID = settings.credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = settings.credentials.secretAccessKey;
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  for (const [service, url] of Object.entries(settings.endpoints)) process.env[`AWS_ENDPOINT_URL_${service}`] = url;
}
