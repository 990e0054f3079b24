import { LambdaClient } from '@aws-sdk/client-lambda';
import { clientSettings } from '../../shared/adapters/aws/client-settings.ts';
import { type CallRenderer, invokeRenderer } from '../../shared/adapters/lambda/invoke-renderer.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';

/** Returns what has bytes rendered by the isolated function. */
export function openRenderer(settings: FunctionSettings): CallRenderer {
  return invokeRenderer(new LambdaClient(clientSettings()), settings.text('rendererFunction'));
}
