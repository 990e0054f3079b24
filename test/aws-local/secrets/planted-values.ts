/** Values that may be found nowhere. Each says where it was planted, so that a failing test says what leaks. */
export const PLANTED = {
  secretData: 'planted/secret+data=0c3e7',
  secretText: 'planted/secret+text=51ab9',
  configMap: 'planted/config+map=e41b2',
  variable: 'planted/env+variable=77f03',
  refusedSecret: 'planted/refused+secret=2fa81',
  refusedVariable: 'planted/refused+variable=90ce5',
  jobVariable: 'planted/job+variable=a7d14',
  jobVariableLater: 'planted/job+later=b8e25',
  chartValue: 'planted/chart+value=6ad19',
  badChartValue: 'planted/bad+chart+value=3b7c0',
  driftedSecret: 'planted/drifted+secret=c2f68',
  driftedConfigMap: 'planted/drifted+config=d94a1',
  driftedVariable: 'planted/drifted+variable=f5b37',
  gitPassword: 'planted-git-password-81cd4',
  webhookSecret: 'planted-webhook-secret-4e9fa',
} as const;

/** Returns every form in which a value could stand somewhere. */
export function formsOf(value: string): readonly string[] {
  const base64 = Buffer.from(value).toString('base64');
  const plain = [value, base64, base64.replace(/=+$/, ''), Buffer.from(value).toString('base64url')];
  return [...new Set([...plain, ...plain.map(encodeURIComponent), JSON.stringify(value).slice(1, -1)])];
}
