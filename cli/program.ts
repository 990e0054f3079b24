/** Every command with its options, help and example. Each command's own code is loaded when it is called. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { type MinorVersion, minorVersionOf } from '../shared/model/kubernetes-release.ts';
import { type CommandCall, runCommand } from './command-io.ts';
import { VERSION } from './version.ts';

const FLEET_GROUP = 'Which fleet:';
const WORKTREE = ['--worktree', 'take the files as they stand, committed or not'] as const;

/** Returns the command line. Its `parseAsync` throws commander's error, having printed only help that was asked for. */
export function createProgram(): Command {
  const program = new Command('plumbline')
    .description('Keeps fleets of Kubernetes clusters true to Git.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .addHelpText('after', '\nExample:\n  $ plumbline demo       see it work, on clusters of its own\n');
  program.commandsGroup('Begin:');
  addStartingCommands(program);
  program.commandsGroup('Before a change:');
  addReadingCommands(program);
  addPlanCommand(program);
  addRightsCommand(program);
  program.commandsGroup('Bring it in:');
  addWorkingCommands(program);
  program.commandsGroup('Tell it:');
  addTellingCommands(program);
  program.commandsGroup('Look:');
  addStateCommands(program);
  addStoryCommands(program);
  return program;
}

interface Described {
  readonly text: string;
  readonly example: string;
}

function command(program: Command, name: string, { text, example }: Described): Command {
  return program
    .command(name)
    .description(text)
    .helpOption('-h, --help', 'show this')
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  $ ${example}`);
}

function fleetCommand(program: Command, name: string, described: Described): Command {
  const options = [
    new Option('--fleet <path>', 'root of the fleet repository, worktree or bare').default('.', 'here'),
    new Option('--branch <ref>', 'branch, tag or commit').default('main', 'main'),
    new Option('--folder <path>', 'where the declarations stand in it').default('plumbline', 'plumbline'),
    new Option('--name <name>', 'name of the fleet in the clusters (default: that of its folder)'),
    new Option('--state <dir>', 'where state and blobs lie (default: below ~/.local/state/plumbline)'),
  ];
  const made = command(program, name, described);
  for (const option of options) made.addOption(option.helpGroup(FLEET_GROUP));
  return made;
}

function once(act: string, { json }: { readonly json?: boolean }): CommandCall {
  return { act, json, endsOnCtrlC: 'at once' };
}

function lasting(act: string, { json }: { readonly json?: boolean }): CommandCall {
  return { act, json, endsOnCtrlC: 'itself' };
}

function addReadingCommands(program: Command): void {
  fleetCommand(program, 'validate', {
    text: 'check declarations, renderings and objects, without any cluster',
    example: 'plumbline validate --worktree --output github',
  })
    .option(...WORKTREE)
    .addOption(
      new Option('--output <form>', 'what is printed')
        .choices(['text', 'json', 'sarif', 'junit', 'github'])
        .default('text'),
    )
    .addOption(new Option('--fail-on <level>', 'what ends in exit 1').choices(['error', 'warning']).default('error'))
    .option('--strict-kinds', 'take kinds that nobody defines for errors')
    .addOption(
      new Option('--next <version>', 'version of Kubernetes to look ahead to (default: the one after its own)')
        .default(true)
        .argParser(parseVersion),
    )
    .option('--no-next', 'warn of no later version')
    .action((options) =>
      runCommand(once('validate', options), async (io) =>
        (await import('./commands/validate.ts')).validate(options, io),
      ),
    );

  fleetCommand(program, 'render', {
    text: 'print the objects of an application as YAML, secrets masked',
    example: 'plumbline render podinfo --cluster staging',
  })
    .argument('[application]', 'one application (default: all)')
    .option('--cluster <name>', 'one cluster (default: all that it goes to)')
    .option('--declarations', 'print what ApplicationTemplates make, instead of objects')
    .option(...WORKTREE)
    .action((application, options) =>
      runCommand(once('render', options), async (io) =>
        (await import('./commands/render.ts')).render(application, options, io),
      ),
    );
}

/** @throws {InvalidArgumentError} for what is no version. */
function parseVersion(text: string): MinorVersion {
  const version = minorVersionOf(text);
  if (version === undefined) throw new InvalidArgumentError('Write one such as 1.36.');
  return version;
}

function addRightsCommand(program: Command): void {
  fleetCommand(program, 'rbac', {
    text: 'print the least rights that the declared objects need, as YAML for kubectl apply',
    example: 'plumbline rbac --cluster production --group plumbline',
  })
    .option('--cluster <name>', 'one cluster (default: all)')
    .option('--application <name>', 'one application (default: all)')
    .option('--group <name>', 'group that Plumbline is in there', 'plumbline')
    .option('--user <name>', 'user that Plumbline is there, instead of a group')
    .option('--service-account <namespace/name>', 'only what this account needs to bring the applications in')
    .option(...WORKTREE)
    .action((options) =>
      runCommand(once('rbac', options), async (io) => (await import('./commands/rbac.ts')).rbac(options, io)),
    );
}

function addPlanCommand(program: Command): void {
  fleetCommand(program, 'plan', {
    text: 'show what would change in every cluster; exit 0: nothing, 2: changes, 1: error',
    example: 'plumbline plan --worktree',
  })
    .option('--cluster <name...>', 'only these clusters')
    .option(...WORKTREE)
    .addOption(new Option('--by <what>', 'what stands first').choices(['fleet', 'cluster']).default('fleet'))
    .option('--full', 'every line of a diff')
    .action((options) =>
      runCommand(once('plan', options), async (io) => (await import('./commands/plan.ts')).plan(options, io)),
    );
}

function addStateCommands(program: Command): void {
  fleetCommand(program, 'status', {
    text: 'is everything true, and if not, where and why; exit 1: something is wrong',
    example: 'plumbline status --watch',
  })
    .option('--watch', 'show it again when it changes, until Ctrl-C')
    .option('--full', 'every application, every place of a problem')
    .action((options) =>
      runCommand(lasting('status', options), async (io) => (await import('./commands/status.ts')).status(options, io)),
    );

  fleetCommand(program, 'drift', {
    text: 'what was changed behind the back of Git, by whom, and what was done',
    example: 'plumbline drift --cluster production',
  })
    .option('--cluster <name>', 'one cluster')
    .action((options) =>
      runCommand(once('drift', options), async (io) => (await import('./commands/drift.ts')).drift(options, io)),
    );
}

function addStoryCommands(program: Command): void {
  fleetCommand(program, 'history', {
    text: 'the runs that did or found something, or one run in full',
    example: 'plumbline history --limit 50',
  })
    .argument('[run]', 'one run, object by object: its id or how it begins')
    .option('--cluster <name>', 'one cluster')
    .option('--limit <count>', 'how many', '20')
    .option('--full', 'of one run: unchanged objects too')
    .action((run, options) =>
      runCommand(once('history', options), async (io) =>
        (await import('./commands/history.ts')).history(run, options, io),
      ),
    );

  fleetCommand(program, 'explain', {
    text: 'one object, the whole story: application, commit, author, file, managers',
    example: 'plumbline explain deployment/podinfo -n podinfo --cluster staging',
  })
    .argument('<object>', 'kind/name, as kubectl takes it, or Kind.group/namespace/name as we print it')
    .option('-n, --namespace <name>', 'its namespace')
    .option('--cluster <name>', 'in which cluster (default: all)')
    .action((object, options) =>
      runCommand(once('explain', options), async (io) =>
        (await import('./commands/explain.ts')).explain(object, options, io),
      ),
    );
}

function addWorkingCommands(program: Command): void {
  fleetCommand(program, 'apply', {
    text: 'bring all clusters to the head of the branch once, then end',
    example: 'plumbline apply --fleet . --branch main',
  }).action((options) =>
    runCommand(lasting('apply', options), async (io) => (await import('./commands/apply.ts')).apply(options, io)),
  );

  fleetCommand(program, 'serve', {
    text: 'follow the branch, keep the clusters true, serve the page, until Ctrl-C',
    example: 'plumbline serve --fleet ~/fleet --branch main',
  })
    .option('--port <number>', 'of the page on 127.0.0.1 (0: one that is free)', '7780')
    .option('--sweep <seconds>', 'how often quiet clusters are looked at', '60')
    .action((options) =>
      runCommand(lasting('serve', options), async (io) => (await import('./commands/serve.ts')).serve(options, io)),
    );
}

function addTellingCommands(program: Command): void {
  fleetCommand(program, 'reconcile', {
    text: 'look at a cluster now, not at its next check',
    example: 'plumbline reconcile --cluster production',
  })
    .argument('[application]', 'whose failed hooks are to be tried again')
    .option('--cluster <name>', 'one cluster (default: all, and the branch)')
    .action((application, options) =>
      runCommand(once('reconcile', options), async (io) =>
        (await import('./commands/reconcile.ts')).reconcile(application, options, io),
      ),
    );

  fleetCommand(program, 'suspend', {
    text: 'leave an application in a cluster alone, or a whole cluster, until it is resumed',
    example: 'plumbline suspend podinfo --cluster production',
  })
    .argument('[application]', 'one application (default: the whole cluster)')
    .requiredOption('--cluster <name>', 'in which cluster')
    .action((application, options) =>
      runCommand(once('suspend', options), async (io) =>
        (await import('./commands/suspend.ts')).suspend(application, options, io),
      ),
    );

  fleetCommand(program, 'resume', {
    text: 'go on with what was suspended',
    example: 'plumbline resume podinfo --cluster production',
  })
    .argument('[application]', 'one application (default: the whole cluster)')
    .requiredOption('--cluster <name>', 'in which cluster')
    .action((application, options) =>
      runCommand(once('resume', options), async (io) =>
        (await import('./commands/resume.ts')).resume(application, options, io),
      ),
    );

  fleetCommand(program, 'approve', {
    text: 'let exactly those deletions happen that a guard refused',
    example: 'plumbline approve 3f8e21c',
  })
    .argument('[revision|application]', 'all that is refused of a commit; with --refusal: whose objects')
    .option('--cluster <name>', 'in which cluster (default: in all, by revision)')
    .option('--refusal <digest>', 'only this one: the refusal names it')
    .action((what, options) =>
      runCommand(once('approve', options), async (io) =>
        (await import('./commands/approve.ts')).approve(what, options, io),
      ),
    );
}

function addStartingCommands(program: Command): void {
  command(program, 'init', {
    text: 'make a small fleet repository to start from',
    example: 'plumbline init my-fleet --context kind-kind',
  })
    .argument('[folder]', 'where', 'fleet')
    .option('--context <name>', 'kubeconfig context of the first cluster')
    .action((folder, options) =>
      runCommand(once('init', options), async (io) => (await import('./commands/init.ts')).init(folder, options, io)),
    );

  command(program, 'demo', {
    text: 'see a commit change two real clusters, drift healed, a rollback',
    example: 'plumbline demo --contexts kind-a,kind-b',
  })
    .option('--exit', 'do all steps without waiting, print one JSON object as the last line')
    .option('--contexts <a,b>', 'two clusters of your own, by kubeconfig context')
    .option('--port <number>', 'of the page on 127.0.0.1 (default: 7780, or one that is free)')
    .action((options) =>
      runCommand(lasting('demo', options), async (io) => (await import('./commands/demo.ts')).demo(options, io)),
    );
}
