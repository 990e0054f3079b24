import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { messageGroupOf, nudgeText, reasonText } from '../../../../shared/adapters/sqs/message-text.ts';
import type { Nudge } from '../../../../shared/job/ports.ts';

const clusterNudge = (cluster: string): Nudge => ({ kind: 'cluster', fleet: 'prod', cluster, hop: 0 });
/** Any UTF-16, lone surrogates too. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
  .map((codes) => String.fromCharCode(...codes));
/** https://www.w3.org/TR/REC-xml/#charsets */
const XML_TEXT = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

describe('the text of a message', () => {
  it('is a nudge again when it is parsed, and holds nothing that XML refuses, whatever the names', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const text = nudgeText(clusterNudge(name));

        assert.deepEqual(JSON.parse(text), clusterNudge(name));
        assert.match(text, /^[\x20-\x7e]*$/);
      }),
    );
  });

  it('has a message group of at most 128 legal characters, whatever the name', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        assert.match(messageGroupOf(clusterNudge(name)), /^[!-~]{1,128}$/);
      }),
    );
  });

  it('has the name itself as its message group where that is legal', () => {
    for (const name of ['prod-eu', 'arn:aws:eks:eu-west-1:1:cluster/prod', 'x'.repeat(128)]) {
      assert.equal(messageGroupOf(clusterNudge(name)), name);
    }
  });

  it('keeps the message groups of long names apart that begin alike', () => {
    const long = 'x'.repeat(128);

    assert.notEqual(messageGroupOf(clusterNudge(`${long}a`)), messageGroupOf(clusterNudge(`${long}b`)));
    assert.notEqual(messageGroupOf(clusterNudge('ä')), messageGroupOf(clusterNudge('ö')));
  });

  it('gives a reason that XML takes, never an empty one, never a long one', () => {
    fc.assert(
      fc.property(anyText, (reason) => {
        const text = reasonText(reason);

        assert.ok(text.length >= 1 && text.length <= 2_048, `${text.length} characters`);
        assert.match(text, XML_TEXT);
      }),
    );
    assert.equal(reasonText('kind: unknown'), 'kind: unknown');
  });
});
