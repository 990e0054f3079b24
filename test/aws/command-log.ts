import { isJsonObject } from '../../shared/model/json.ts';

export interface CommandLog {
  /** Names of the commands that were sent, failed ones too: `GetObject`. Tests may empty it. */
  readonly sent: string[];
  /** The `logger` of the clients that are counted. */
  readonly logger: Record<'debug' | 'error' | 'info' | 'warn', (entry: unknown) => void>;
}

/** Counts what clients send by what the SDK tells its logger. */
export function startCommandLog(): CommandLog {
  const sent: string[] = [];
  const note = (entry: unknown): void => {
    if (isJsonObject(entry) && typeof entry.commandName === 'string')
      sent.push(entry.commandName.replace(/Command$/, ''));
  };
  const ignore = (): void => undefined;
  return { sent, logger: { debug: ignore, warn: ignore, info: note, error: note } };
}
