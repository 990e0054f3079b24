/** The `plumbline` command: arguments in, one command called. Each command is loaded when it is used. */
import { Command, Option } from 'commander';
import { runCommand } from './command-io.ts';

const program = new Command('plumbline')
  .description('Keeps fleets of Kubernetes clusters true to Git.')
  .version('0.1.0')
  .showHelpAfterError('(add --help for what there is)')
  .configureHelp({ sortSubcommands: false });

interface Example {
  readonly text: string;
}

function command(name: string, description: string, { text }: Example): Command {
  return program.command(name).description(description).addHelpText('after', `\nExample:\n  $ ${text}`);
}

function fleetCommand(name: string, description: string, example: Example): Command {
  return command(name, description, example)
    .addOption(new Option('--fleet <path>', 'root of the fleet repository, worktree or bare').default('.'))
    .addOption(new Option('--branch <ref>', 'branch, tag or commit').default('main'))
    .addOption(new Option('--folder <path>', 'where the declarations stand in it').default('plumbline'))
    .addOption(new Option('--name <name>', 'name of the fleet in the clusters (default: name of the folder)'))
    .addOption(new Option('--state <dir>', 'where state and blobs lie (default: below ~/.local/state/plumbline)'))
    .addOption(new Option('--json', 'print JSON'));
}

fleetCommand('validate', 'check the declarations and render everything, without any cluster', {
  text: 'plumbline validate --fleet . --worktree',
})
  .option('--worktree', 'take the files as they stand, committed or not')
  .action((options) =>
    runCommand('validate', async (io) => (await import('./commands/validate.ts')).validate(options, io)),
  );

fleetCommand('render', 'print the objects of an application as they would be applied', {
  text: 'plumbline render podinfo --cluster staging',
})
  .argument('[application]', 'one application (default: all)')
  .option('--cluster <name>', 'one cluster (default: all that it goes to)')
  .option('--worktree', 'take the files as they stand, committed or not')
  .action((application, options) =>
    runCommand('render', async (io) => (await import('./commands/render.ts')).render(application, options, io)),
  );

fleetCommand('plan', 'show what would change, cluster by cluster; exit 0: nothing, 2: changes, 1: error', {
  text: 'plumbline plan --worktree',
})
  .option('--cluster <name...>', 'only these clusters')
  .option('--worktree', 'take the files as they stand, committed or not')
  .addOption(new Option('--by <what>', 'what stands first').choices(['fleet', 'cluster']).default('fleet'))
  .option('--full', 'every line of a diff')
  .action((options) => runCommand('plan', async (io) => (await import('./commands/plan.ts')).plan(options, io)));

fleetCommand('apply', 'bring all clusters to the head of the branch once, then end', {
  text: 'plumbline apply --fleet . --branch main',
}).action((options) => runCommand('apply', async (io) => (await import('./commands/apply.ts')).apply(options, io)));

fleetCommand('status', 'is everything true, and if not, where and why', { text: 'plumbline status --watch' })
  .option('--watch', 'show it again when it changes')
  .option('--full', 'every application, every place of a problem')
  .action((options) => runCommand('status', async (io) => (await import('./commands/status.ts')).status(options, io)));

fleetCommand('drift', 'what was changed behind the back of Git, by whom, and what was done', {
  text: 'plumbline drift --cluster prod-eu',
})
  .option('--cluster <name>', 'one cluster')
  .action((options) => runCommand('drift', async (io) => (await import('./commands/drift.ts')).drift(options, io)));

fleetCommand('history', 'the runs that did or found something', { text: 'plumbline history --limit 50' })
  .option('--cluster <name>', 'one cluster')
  .option('--limit <count>', 'how many', '20')
  .action((options) =>
    runCommand('history', async (io) => (await import('./commands/history.ts')).history(options, io)),
  );

fleetCommand('explain', 'one object, the whole story: application, commit, author, file, managers', {
  text: 'plumbline explain deployment/podinfo -n podinfo --cluster staging',
})
  .argument('<object>', 'kind/name, as kubectl takes it, or Kind.group/namespace/name as we print it')
  .option('-n, --namespace <name>', 'its namespace')
  .option('--cluster <name>', 'in which cluster (default: all)')
  .action((object, options) =>
    runCommand('explain', async (io) => (await import('./commands/explain.ts')).explain(object, options, io)),
  );

fleetCommand('serve', 'watch the repository, keep the clusters true, serve the page', {
  text: 'plumbline serve --fleet ~/fleet --branch main',
})
  .option('--port <number>', 'of the page on 127.0.0.1', '7780')
  .option('--sweep <seconds>', 'how often quiet clusters are looked at', '60')
  .action((options) => runCommand('serve', async (io) => (await import('./commands/serve.ts')).serve(options, io)));

command('init', 'make a small fleet repository to start from', { text: 'plumbline init my-fleet' })
  .argument('[folder]', 'where', 'fleet')
  .option('--context <name>', 'kubeconfig context of the first cluster')
  .action((folder, options) =>
    runCommand('init', async (io) => (await import('./commands/init.ts')).init(folder, options, io)),
  );

command('demo', 'see a commit change two real clusters, drift healed, a rollback', { text: 'npm run demo' })
  .option('--exit', 'do all steps without waiting, print one JSON object as the last line')
  .option('--contexts <a,b>', 'two clusters of your own, by kubeconfig context')
  .option('--port <number>', 'of the page on 127.0.0.1', '7780')
  .action((options) => runCommand('demo', async (io) => (await import('./commands/demo.ts')).demo(options, io)));

await program.parseAsync();
