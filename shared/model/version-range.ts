/**
 * Ranges of versions over tags and chart versions, as npm's `semver` reads them: `1.x`, `^1.2`, `~1.2.3`, `>=1.0 <2`.
 * A comma between two conditions is taken for a space, as Helm writes it. Versions must be whole (`1.2.3`, `v1.2.3`):
 * a tag `v1` that moves along with its releases is no version.
 */
import compareBuild from 'semver/functions/compare-build.js';
import parse from 'semver/functions/parse.js';
import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';

/** Without a digit or a star `validRange` still takes `x`, and `''` for everything: those are no ranges that anyone means. */
const LOOKS_LIKE_RANGE = /\d|\*/;
/** `>=1.0.0-0`: whoever names a prerelease wants to see them, those of later versions too (as Helm and Flux have it). */
const NAMES_PRERELEASE = /\d-[0-9A-Za-z]/;

/** Tells whether `text` is one whole version: `1.2.3`, `v1.2.3`, `1.2.3-rc.1`. */
export function isVersion(text: string): boolean {
  return parse(text) !== null;
}

/** Tells whether `text` can be read as a range; a single version (`1.2.3`, `v1.2.3`) is one as well. */
export function isVersionRange(text: string): boolean {
  return LOOKS_LIKE_RANGE.test(text) && validRange(withoutCommas(text)) !== null;
}

/**
 * Returns the highest of `versions` that lies in `range`, spelled as it was given; undefined: none does, or it is no
 * range. Prereleases count only where the range names one. What is no version is passed over.
 */
export function highestInRange(range: string, versions: Iterable<string>): string | undefined {
  if (!isVersionRange(range)) return undefined;
  const wanted = withoutCommas(range);
  const includePrerelease = NAMES_PRERELEASE.test(range.replaceAll(' - ', ' '));
  const inRange = [...versions].filter((version) => satisfies(version, wanted, { includePrerelease }));
  return newestVersions(inRange)[0];
}

/** Returns those of `versions` that are versions, highest first. Build metadata counts, then the spelling. */
export function newestVersions(versions: Iterable<string>): readonly string[] {
  return [...versions].filter(isVersion).sort((a, b) => compareBuild(b, a) || (a < b ? -1 : 1));
}

function withoutCommas(range: string): string {
  return range.replaceAll(',', ' ');
}
