import * as z from 'zod';

export const directoryRendererSchema = z.strictObject({
  recurse: z.boolean().default(true).describe('Folders below it too'),
  include: z.array(z.string()).default([]).describe('File names or paths, "*" and "**" allowed. Default: all'),
  exclude: z.array(z.string()).default([]).describe('What is left out, written as in include'),
});
