/** What every reader of values outside of Git and clusters does. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OutsideValues } from '../../shared/job/value-port.ts';
import type { OutsidePlace } from '../../shared/model/gathering.ts';

export interface OutsideValuesUnderTest {
  readonly values: OutsideValues;
  putParameter(name: string, value: string, type: 'String' | 'SecureString'): Promise<void>;
  putStack(name: string, outputs: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

export function outsideValuesContract(
  name: string,
  open: () => Promise<OutsideValuesUnderTest>,
  skip: string | false = false,
): void {
  describe(`values outside of Git: ${name}`, { skip }, () => {
    let under: OutsideValuesUnderTest;
    before(async () => {
      under = await open();
    });
    after(() => under.close());
    const parameter = (of: string): OutsidePlace => ({ from: 'ssmParameter', name: of });
    const output = (stack: string, of: string): OutsidePlace => ({ from: 'stackOutput', stack, output: of });

    it('are read in the order in which they are asked for, and told secret where they are', async () => {
      await under.putParameter('/web/host', 'web.example', 'String');
      await under.putParameter('/web/password', 'hunter2 ', 'SecureString');
      await under.putStack('web', { Url: 'https://web.example', Bucket: 'files' });

      const found = await under.values.read([
        output('web', 'Bucket'),
        parameter('/web/password'),
        output('web', 'Url'),
        parameter('/web/host'),
      ]);

      assert.deepEqual(found, [
        { found: 'text', text: 'files', isSecret: false },
        { found: 'text', text: 'hunter2 ', isSecret: true },
        { found: 'text', text: 'https://web.example', isSecret: false },
        { found: 'text', text: 'web.example', isSecret: false },
      ]);
    });

    it('are said to be missing in the same words each time, and their neighbours are read', async () => {
      await under.putParameter('/there', 'yes', 'String');
      await under.putStack('there', { Url: 'yes' });
      const places = [
        parameter('/not/there'),
        output('not-there', 'Url'),
        output('there', 'NotThere'),
        parameter('/there'),
        output('there', 'Url'),
      ];

      const found = await under.values.read(places);

      assert.deepEqual(
        found.map((one) => (one.found === 'text' ? one.text : one.found)),
        ['nothing', 'nothing', 'nothing', 'yes', 'yes'],
      );
      assert.deepEqual(await under.values.read(places), found);
    });

    it('may be many', async () => {
      const names = Array.from({ length: 23 }, (_, index) => `/many/${index}`);
      for (const one of names) await under.putParameter(one, `value of ${one}`, 'String');

      const found = await under.values.read(names.map(parameter));

      assert.deepEqual(
        found.map((one) => (one.found === 'text' ? one.text : one.found)),
        names.map((one) => `value of ${one}`),
      );
    });
  });
}
