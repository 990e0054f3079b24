/**
 * The only reader of environment variables. Each is read once, checked, and handed on as a value with a meaning;
 * nothing else in the code knows their names. An empty variable counts as not set.
 */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { FUNCTION_VARIABLES } from './names.ts';

export interface Environment {
  readonly homeDir: string;
  /** What must not be lost: state, blobs, keys. `$XDG_STATE_HOME/plumbline`, default `~/.local/state/plumbline`. */
  readonly stateDir: string;
  /** What can be made again. `$XDG_CACHE_HOME/plumbline`, default `~/.cache/plumbline`. */
  readonly cacheDir: string;
  /** What people write by hand: credentials for Git. `$XDG_CONFIG_HOME/plumbline`, default `~/.config/plumbline`. */
  readonly configDir: string;
  /** KUBECONFIG as set: several files, parted as in PATH. */
  readonly kubeconfigVariable: string | undefined;
  /** PLUMBLINE_EXTERNAL_ID: what the roles of clusters ask for (`sts:ExternalId`). */
  readonly eksExternalId: string | undefined;
  /** `never` by NO_COLOR or TERM=dumb, `always` by FORCE_COLOR, else by whether a terminal reads us. */
  readonly color: 'auto' | 'never' | 'always';
  /** A build machine: nobody watches, nobody answers. */
  readonly isCi: boolean;
}

/** Returns what the environment says; `variables` is the process's own unless a test gives others. Never throws. */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
  homeDir: string = homedir(),
): Environment {
  const read = (name: string): string | undefined => variables[name] || undefined;
  return {
    homeDir,
    stateDir: join(absolute(read('XDG_STATE_HOME')) ?? join(homeDir, '.local', 'state'), 'plumbline'),
    cacheDir: join(absolute(read('XDG_CACHE_HOME')) ?? join(homeDir, '.cache'), 'plumbline'),
    configDir: join(absolute(read('XDG_CONFIG_HOME')) ?? join(homeDir, '.config'), 'plumbline'),
    kubeconfigVariable: read('KUBECONFIG'),
    eksExternalId: read(FUNCTION_VARIABLES.externalId),
    color: colorOf(read),
    isCi: !['false', '0', undefined].includes(read('CI')),
  };
}

/** Returns the variables of this process, for the readers in this folder. */
export function environmentVariables(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** The XDG base directory specification (0.8) wants relative paths ignored. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

/** NO_COLOR wins: no-color.org asks for any value, FORCE_COLOR=0 is how Node's own tools say no. */
function colorOf(read: (name: string) => string | undefined): Environment['color'] {
  if (read('NO_COLOR') !== undefined) return 'never';
  const forced = read('FORCE_COLOR');
  if (forced !== undefined) return ['0', 'false'].includes(forced) ? 'never' : 'always';
  return read('TERM') === 'dumb' ? 'never' : 'auto';
}
