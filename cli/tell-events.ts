import type { JobEvent, Notifier } from '../shared/job/ports.ts';
import { eventJson } from '../shared/report/event-json.ts';
import { formatProgress, type ProgressEvent } from '../shared/report/progress-line.ts';
import type { CommandIo } from './command-io.ts';

/** Returns what prints each event of the jobs: a line for people, or one JSON value a line. */
export function printEvents(io: CommandIo, { json }: { readonly json?: boolean }): Notifier {
  return {
    notify: (event) => {
      if (!isShown(event)) return;
      const nowMs = Date.now();
      if (json === true) io.printJsonLine(eventJson(event, nowMs));
      else io.print(formatProgress(event, { color: io.color, nowMs }));
    },
  };
}

/** Returns what notes each event on standard error, beside an answer on standard output. */
export function noteEvents(io: CommandIo): Notifier {
  return {
    notify: (event) => {
      if (isShown(event)) io.note(formatProgress(event, { color: io.noteColor, nowMs: Date.now() }));
    },
  };
}

function isShown(event: JobEvent): event is Extract<JobEvent, ProgressEvent> {
  return event.event !== 'application-changed';
}
