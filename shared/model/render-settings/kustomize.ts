import * as z from 'zod';

export const kustomizeRendererSchema = z.strictObject({});
