import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { highestInRange, isVersionRange, newestVersions } from '../../../shared/model/version-range.ts';

const TAGS = ['v1.0.0', '1.2.0', 'v1.10.0', 'v2.0.0-rc.1', 'v2.0.0', 'v2.1.0-beta.1', 'v2', 'latest', 'chart-3.0.0'];

describe('ranges of versions', () => {
  it('take the highest version, by number and not by letters', () => {
    for (const [range, expected] of [
      ['1.x', 'v1.10.0'],
      ['v1.x', 'v1.10.0'],
      ['^1.0', 'v1.10.0'],
      ['~1.2.0', '1.2.0'],
      ['>=1.0 <2', 'v1.10.0'],
      ['>=1.0.0, <1.5.0', '1.2.0'],
      ['1.0.0 - 1.9.0', '1.2.0'],
      ['*', 'v2.0.0'],
      ['1.0.0 || 1.2.0', '1.2.0'],
      ['3.x', undefined],
      ['latest', undefined],
    ] as const) {
      assert.equal(highestInRange(range, TAGS), expected, range);
    }
  });

  it('see prereleases only where they name one', () => {
    assert.equal(highestInRange('>=2.0.0-0 <2.0.0', TAGS), 'v2.0.0-rc.1');
    assert.equal(highestInRange('>=1.0.0-0', TAGS), 'v2.1.0-beta.1');
    assert.equal(highestInRange('>=1.0.0', TAGS), 'v2.0.0');
    assert.equal(highestInRange('1.0.0 - 2.9.0', TAGS), 'v2.0.0');
  });

  it('are told from names of branches', () => {
    for (const range of ['1.x', '^1.2', '>=1.0 <2', 'v1.2.3', '1', '*', 'v1.x'])
      assert.ok(isVersionRange(range), range);
    for (const name of [
      'main',
      'HEAD',
      'x',
      '',
      'release-1.x',
      'feature/1.2',
      'refs/tags/v1.2.3',
      'latest',
      '0123abc',
    ]) {
      assert.ok(!isVersionRange(name), name);
    }
  });

  it('pick the same whatever the order of the tags', () => {
    const version = fc
      .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.constantFrom('', '+a', '+b', '-rc.1'))
      .map(([a, b, c, end]) => `${a}.${b}.${c}${end}`);
    fc.assert(
      fc.property(fc.array(version), fc.constantFrom('*', '1.x', '>=1.0.0-0'), (versions, range) => {
        assert.equal(highestInRange(range, versions), highestInRange(range, versions.toReversed()));
      }),
    );
  });

  it('list versions newest first and leave other names out', () => {
    assert.deepEqual(newestVersions(TAGS), ['v2.1.0-beta.1', 'v2.0.0', 'v2.0.0-rc.1', 'v1.10.0', '1.2.0', 'v1.0.0']);
  });
});
