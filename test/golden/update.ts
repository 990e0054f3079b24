/** Rewrites everything that golden tests expect; the changes are reviewed as a diff. Run: `npm run golden:update`. */
await import('./update-infra.ts');
await import('./update-render.ts');
await import('./update-report.ts');
