/** Plays one sequence on the shared control plane, in a fleet and a namespace of its own, and judges it. */
import { reconcileCluster } from '../../../shared/job/reconcile-cluster.ts';
import type { Instruction } from '../../../shared/model/instruction.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { formatProblem, type Problem } from '../../../shared/model/problem.ts';
import type { ClusterLab } from '../ownership/lab.ts';
import { type FleetUnderTest, fleetUnderTest } from '../reconcile/fleet-under-test.ts';
import { cleanUp } from './clean-up.ts';
import { createClock, waitUntilDue } from './clock.ts';
import { wrongIn } from './expectations.ts';
import { Ledger } from './ledger.ts';
import { LossyBlobs } from './lossy-blobs.ts';
import { Killed, machineWith, type Trouble } from './machine.ts';
import { actAsNeighbour, clearAway, STRANGER } from './neighbours.ts';
import { POOL, poolObject } from './pool.ts';
import {
  changesForPeace,
  committed,
  EMPTY_GIT,
  type Git,
  type GitChange,
  nameToday,
  wantedOf,
  withHeldBack,
} from './repository.ts';
import { problemsTold, type Snapshot, takeSnapshot } from './snapshot.ts';
import type { Step } from './steps.ts';
import { Witness } from './witness.ts';

/** More runs than any sequence needs, and each writes: it would go on for ever. */
const MOST_RUNS = 25;
const HOUR_MS = 3_600_000;
/** Longer than a lease. */
const STANDSTILL_MS = 400_000;

/** @throws {Error} that says everything that was wrong. */
export async function playSequence(lab: ClusterLab, steps: readonly Step[]): Promise<void> {
  const clock = createClock();
  const fleet = await fleetUnderTest({ nowMs: clock.nowMs });
  const player = new Player(lab, fleet, clock);
  try {
    for (const step of steps) await player.play(step);
    await player.settle('at the end of the sequence');
    await player.makePeace();
    await player.removeAll();
  } finally {
    await cleanUp(lab, fleet);
    await fleet.close();
  }
}

class Player {
  readonly #lab: ClusterLab;
  readonly #fleet: FleetUnderTest;
  readonly #clock: ReturnType<typeof createClock>;
  readonly #ledger: Ledger;
  readonly #witness: Witness;
  readonly #blobs: LossyBlobs;
  #git: Git = EMPTY_GIT;
  /** What the last plan made of it. */
  #planned: Git = EMPTY_GIT;
  #asked = 0;

  constructor(lab: ClusterLab, fleet: FleetUnderTest, clock: ReturnType<typeof createClock>) {
    this.#lab = lab;
    this.#fleet = fleet;
    this.#clock = clock;
    this.#ledger = new Ledger(fleet.fleet);
    this.#blobs = new LossyBlobs(() => fleet.deps.blobs);
    this.#witness = new Witness({
      fleet: fleet.fleet,
      namespace: fleet.namespace,
      ledger: this.#ledger,
      look: ({ name }) => this.#find(name),
    });
  }

  async play(step: Step): Promise<void> {
    switch (step.step) {
      case 'commit':
        return this.#commit(step.changes);
      case 'half-rendered':
        await this.#commit(step.changes, step.missing);
        return this.#run();
      case 'neighbour':
        return actAsNeighbour(step.act, this.#neighbourhood());
      case 'run':
        return this.#run(step.trouble);
      case 'interrupted-run':
        return this.#run({ ...step.at, how: 'stands-still' }, (about) => this.#meanwhile(step, about));
      case 'two-workers':
        await waitUntilDue(this.#fleet, this.#clock);
        await Promise.all([this.#work(), this.#work()]);
        return;
      case 'lose':
        return this.#lose(step.what);
      case 'jump':
        return this.#clock.jump(step.hours * HOUR_MS);
      case 'person':
        return this.#ask(step.act, { application: step.application });
      case 'approve':
        return this.#approve(await problemsTold(this.#fleet));
      case 'settle':
        await this.settle('half-way');
    }
  }

  /** Sweeps until nothing is written any more, and judges. Nudges are never received: all of them are lost. */
  async settle(when: string): Promise<Snapshot> {
    await this.#plan();
    let quiet = 0;
    for (let runs = 0; runs < MOST_RUNS && quiet < 2; runs++) {
      await this.#run();
      quiet = this.#hasWritten() ? 0 : quiet + 1;
    }
    const now = await takeSnapshot(this.#fleet, this.#lab);
    const wrong = [...this.#witness.violations];
    if (quiet < 2) wrong.push(`does not come to rest: ${this.#witness.taken.join(', ')}`);
    const needless = this.#witness.needless();
    if (now.isClean && needless.length > 0) wrong.push(`a run over what is settled writes ${needless.join(', ')}`);
    wrong.push(...wrongIn({ fleet: this.#fleet.fleet, git: this.#git, ledger: this.#ledger, now }));
    if (wrong.length > 0) {
      const problems = now.problems.map((problem) => `  (told: ${formatProblem(problem)})`);
      throw new Error([`${when}:`, ...wrong.map((one) => `- ${one}`), ...problems].join('\n'));
    }
    this.#forgetHealed(now);
    return now;
  }

  /** Takes away everything that may hold a commit back: then it has to come in, whole. */
  async makePeace(): Promise<void> {
    for (const application of [...this.#ledger.suspended]) await this.#ask('resume', { application });
    await this.#commit(changesForPeace(this.#git));
    await this.#settleApproving('in peace');
  }

  async removeAll(): Promise<void> {
    await this.#commit([...this.#git.applications.keys()].map((application) => ({ change: 'remove', application })));
    await this.#settleApproving('with everything removed');
  }

  async #settleApproving(when: string): Promise<void> {
    let now = await this.settle(when);
    for (let tries = 0; tries < 5 && !now.isClean; tries++) {
      await this.#approve(now.problems);
      for (const problem of now.problems) await clearAway(problem, this.#neighbourhood());
      now = await this.settle(`${when}, approved`);
    }
    if (!now.isClean) throw new Error(`${when}: it is held back still: ${now.problems.map(formatProblem).join('\n')}`);
  }

  async #commit(changes: readonly GitChange[], missing: readonly string[] = []): Promise<void> {
    const before = this.#git;
    this.#git = committed(before, changes);
    this.#ledger.seeCommit(before, this.#git);
    await this.#plan(withHeldBack(this.#git, this.#planned, missing));
    await this.#renameSuspended();
  }

  /** What people said of a name goes with it once a run has seen the rename: here always before the next commit. */
  async #renameSuspended(): Promise<void> {
    const { suspended } = this.#ledger;
    const renamed = [...suspended].filter((name) => nameToday(this.#planned, name) !== name);
    for (const name of renamed) suspended.add(nameToday(this.#planned, name));
    if (renamed.length > 0) await this.#run();
    for (const name of renamed) suspended.delete(name);
  }

  /** As a planner that looks at Git again: it renders what is lost, by default everything. */
  async #plan(planned = this.#git): Promise<void> {
    this.#planned = planned;
    this.#witness.alsoBelieved(planned);
    const { applications, unavailable } = wantedOf(planned);
    await this.#fleet.want(applications, { unavailable });
    this.#blobs.restoreDesired();
  }

  /** A sweep at the time at which something is due. */
  async #run(trouble?: Trouble, meanwhile?: (about: string | undefined) => Promise<void>): Promise<void> {
    await waitUntilDue(this.#fleet, this.#clock);
    this.#witness.startRun(this.#planned);
    const due = await this.#fleet.deps.state.due(this.#fleet.fleet, 10);
    if (!due.some((key) => key.kind === 'cluster')) throw new Error('the sweep finds nothing due');
    await this.#work(trouble, meanwhile);
  }

  async #work(trouble?: Trouble, meanwhile?: (about: string | undefined) => Promise<void>): Promise<void> {
    const { fleet, cluster, deps } = this.#fleet;
    if (trouble !== undefined) this.#ledger.remembersClaims = false;
    const parts = { ...deps, blobs: this.#blobs, monotonicMs: this.#clock.nowMs };
    const machine = machineWith(parts, { witness: this.#witness, trouble, ...(meanwhile && { meanwhile }) });
    try {
      await reconcileCluster(machine, { fleet, cluster, hop: 0 });
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }

  async #meanwhile(step: Extract<Step, { step: 'interrupted-run' }>, about: string | undefined): Promise<void> {
    const object = POOL.find(({ name }) => name === about)?.name;
    for (const inner of step.meanwhile) {
      if (inner.step === 'neighbour') this.#witness.disturb();
      const isAimed = inner.step === 'neighbour' && object !== undefined;
      await this.play(isAimed ? { ...inner, act: { ...inner.act, object } } : inner);
    }
    if (!step.takenOver) return;
    this.#clock.jump(STANDSTILL_MS);
    await this.#work();
  }

  async #lose(what: Extract<Step, { step: 'lose' }>['what']): Promise<void> {
    const { fleet, cluster, deps } = this.#fleet;
    const item = await deps.state.readCluster(fleet, cluster);
    this.#ledger.remembersClaims = false;
    switch (what) {
      case 'state':
      case 'state-and-blobs':
        this.#fleet.forget({ blobs: what === 'state-and-blobs' });
        return this.#plan();
      case 'record':
        this.#blobs.lose(item?.status?.record);
        break;
      case 'desired':
        this.#blobs.lose(item?.desired?.blob);
        break;
      case 'rendering':
        await this.#blobs.loseRenderings(item?.desired?.blob);
        break;
    }
    await this.#run();
  }

  /** What a person says is in the anchor before anything else happens: what only the state knew would go with it. */
  async #ask(act: Instruction['act'], more: Pick<Instruction, 'application' | 'subject'>): Promise<void> {
    const { fleet, cluster, deps } = this.#fleet;
    const instruction: Instruction = {
      ...{ id: `asked-${this.#asked++}`, act, by: 'ana', atMs: this.#clock.nowMs() },
      ...more,
    };
    const asked = await deps.state.ask({ kind: 'cluster', fleet, cluster }, instruction);
    if (asked !== 'asked') return;
    const { suspended } = this.#ledger;
    const application = more.application === undefined ? undefined : nameToday(this.#git, more.application);
    if (act === 'suspend' && application !== undefined) suspended.add(application);
    if (act === 'resume' && application !== undefined) suspended.delete(application);
    await this.#plan();
    await this.#run();
  }

  async #approve(problems: readonly Problem[]): Promise<void> {
    for (const { refusal, wrong } of problems) {
      if (refusal === undefined) continue;
      const { digest, application } = refusal;
      if (application !== undefined && wrong.includes('asks to be confirmed')) await this.#confirm(application);
      await this.#ask('approve', { subject: digest, ...(application !== undefined && { application }) });
    }
  }

  /** Whoever approves is told of everything of the application that asks to be confirmed and that nobody wants. */
  async #confirm(application: string): Promise<void> {
    for (const { name } of POOL) {
      const live = await this.#find(name);
      const isMeant =
        live !== undefined && nameToday(this.#git, this.#ledger.applicationOf(live) ?? '') === application;
      if (isMeant && !this.#git.objects.has(name)) this.#ledger.confirmed.add(live.metadata.uid ?? '');
    }
  }

  /** Where healing is on, what comes to rest is healed. */
  #forgetHealed({ isClean }: Snapshot): void {
    if (!isClean) return;
    this.#ledger.remembersClaims = true;
    for (const [name, settings] of this.#git.applications) {
      if (!settings.suspend && !this.#ledger.isSuspended(name)) this.#ledger.forgetOldSettings(name, settings);
    }
    for (const [name, { application, policy }] of this.#git.objects) {
      if (policy === 'report' || policy === 'ignore' || policy === 'create-only') continue;
      const { drift, suspend } = this.#git.applications.get(application) ?? {};
      if (drift === 'heal' && !suspend && !this.#ledger.suspended.has(application)) this.#ledger.edited.delete(name);
    }
  }

  #hasWritten(): boolean {
    const anchor = `ConfigMap/plumbline-system/plumbline-${this.#fleet.fleet}`;
    return this.#witness.taken.some((write) => !write.endsWith(anchor));
  }

  #neighbourhood() {
    const { namespace } = this.#fleet;
    return { client: this.#lab.others, namespace, ledger: this.#ledger, find: (name: string) => this.#find(name) };
  }

  async #find(name: string): Promise<KubeObject | undefined> {
    const pool = poolObject(name.startsWith(`${STRANGER}-`) ? name.slice(STRANGER.length + 1, -3) : name);
    const target = { ...pool, metadata: { name, namespace: this.#fleet.namespace } };
    return this.#lab.others.find(target);
  }
}
