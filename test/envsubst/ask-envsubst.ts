import { spawn } from 'node:child_process';
import { text as readAll } from 'node:stream/consumers';
import { buildGoProgram } from '../go-program.ts';

export interface Question {
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
  readonly strict: boolean;
}

export interface Answer {
  readonly text: string;
  readonly error?: string;
}

/** Returns what the library that Flux fills in variables with makes of each text. */
export async function askEnvsubst(questions: readonly Question[]): Promise<readonly Answer[]> {
  const program = spawn(await buildGoProgram(import.meta.dirname), { stdio: ['pipe', 'pipe', 'inherit'] });
  program.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const lines = (await readAll(program.stdout)).trimEnd().split('\n');
  if (lines.length !== questions.length) throw new Error(`${lines.length} answers to ${questions.length} questions`);
  return lines.map((line) => JSON.parse(line) as Answer);
}
