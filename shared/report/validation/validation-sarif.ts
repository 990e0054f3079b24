/**
 * The `validate` report as SARIF 2.1.0, which GitHub code scanning and others read.
 * Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; what GitHub asks for besides:
 * docs.github.com, "SARIF support for code scanning".
 */
import { createHash } from 'node:crypto';
import { type Finding, formatFinding, RULES } from '../../model/finding.ts';
import type { Json } from '../../model/json.ts';
import type { ValidationReport } from './validation-report.ts';
import { findingArticle } from './validation-text.ts';

const ROOT = 'ROOT';
const RULE_NAMES = Object.keys(RULES);

/** @param version of Plumbline. */
export function validationSarif({ findings }: ValidationReport, version: string): Json {
  const rules = Object.entries(RULES).map(([id, { level, text }]) => ({
    id,
    name: pascalCase(id),
    shortDescription: { text },
    help: { text: `See docs/validate.md#${id} of Plumbline.` },
    defaultConfiguration: { level },
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Plumbline', semanticVersion: version, rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the repository' } } },
        results: findings.map(resultOf),
      },
    ],
  };
}

function resultOf(finding: Finding): Json {
  const { rule, level, subject, clusters, applications, place } = finding;
  return {
    ruleId: rule,
    ruleIndex: RULE_NAMES.indexOf(rule),
    level,
    message: { text: `${subject}: ${formatFinding(finding)}` },
    // GitHub shows nothing that stands nowhere: what has no file stands at the root.
    locations: [locationOf(finding)],
    partialFingerprints: { 'plumbline/v1': fingerprintOf(finding) },
    properties: {
      ...{ subject, clusters, applications, article: findingArticle(finding) },
      ...(place?.repository !== undefined && { repository: place.repository }),
    },
  };
}

function locationOf({ place, field }: Finding): Json {
  const { path = '.', line, column } = place ?? {};
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } };
  return {
    physicalLocation: {
      artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT },
      ...region,
    },
    ...(field !== undefined && { logicalLocations: [{ fullyQualifiedName: field, kind: 'member' }] }),
  };
}

/** The same finding keeps it when lines above it come and go. */
function fingerprintOf({ rule, subject, field = '', wrong, place }: Finding): string {
  return createHash('sha256')
    .update(JSON.stringify([rule, place?.path ?? '', subject, field, wrong]))
    .digest('hex')
    .slice(0, 32);
}

function pascalCase(id: string): string {
  return id.replaceAll(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase());
}
