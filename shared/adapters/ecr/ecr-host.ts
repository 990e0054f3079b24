/** Source: Amazon ECR user guide, "Private registry"; AWS service endpoints of ECR (FIPS, dual stack, China). */
export interface EcrHost {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

const HOST =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-\d+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)$/;

/** Returns whose registry a host is; undefined: it is none of ECR. */
export function parseEcrHost(hostname: string): EcrHost | undefined {
  const [, account, region] = HOST.exec(hostname) ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
}
