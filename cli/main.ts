/** The `plumbline` command: arguments in, one command called. */
import { CommanderError } from 'commander';
import { refuseArguments } from './command-io.ts';
import { createProgram } from './program.ts';

const program = createProgram();
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  if (error.code.startsWith('commander.help') || error.code === 'commander.version') process.exitCode = error.exitCode;
  else refuse(error.message, process.argv.slice(2));
}

/** Says what commander did not understand in our own shape; its suggestion comes on a line of its own. */
function refuse(message: string, words: readonly string[]): void {
  const [wrong = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const name = program.commands.map((command) => command.name()).find((one) => words.includes(one));
  const subject = name === undefined ? 'plumbline' : `plumbline ${name}`;
  const meant = suggestion?.replace(/^\(Did you mean (.*)\?\)$/, 'did you mean $1? ') ?? '';
  const remedy = `${meant}\`${subject} --help\` says what there is`;
  refuseArguments(
    { code: 'ConfigInvalid', subject, act: 'read the arguments', wrong, remedy },
    words.includes('--json'),
    // For checks in CI a wrong call is no finding; of the others 2 says something else.
    name === 'validate' ? 2 : 1,
  );
}
