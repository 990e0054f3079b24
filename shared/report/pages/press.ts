/** What people can press on a page. Pages of one machine have no buttons: whoever looks may not be who may act. */
import type { Problem } from '../../model/problem.ts';
import type { ApplicationStatus, ClusterItem } from '../../model/status.ts';
import { describeSuspension, leavingLines, waitingLines } from '../asked-text.ts';
import { type Html, html } from './html.ts';
import { shapeOf } from './marks.ts';

/** What a button asks for, as `PeopleRequest` has it. */
export interface Press {
  readonly act: 'reconcile' | 'suspend' | 'resume' | 'approve';
  /** Absent: all, for what is approved by its revision. */
  readonly cluster?: string;
  readonly application?: string;
  readonly refusal?: string;
  readonly revision?: string;
}

/** Returns the button for a press. */
export type ButtonFor = (press: Press, label: string) => Html;

/** Returns the buttons of a cluster; nothing where there are none. */
export function clusterButtons({ cluster, status }: ClusterItem, buttonFor: ButtonFor | undefined): Html | undefined {
  if (buttonFor === undefined) return undefined;
  const isSuspended = status?.suspension !== undefined;
  return buttonRow([
    buttonFor({ act: 'reconcile', cluster }, 'Reconcile now'),
    isSuspended ? buttonFor({ act: 'resume', cluster }, 'Resume') : buttonFor({ act: 'suspend', cluster }, 'Suspend'),
  ]);
}

export function applicationButtons(
  { cluster, application, suspend, suspension }: ApplicationStatus,
  buttonFor: ButtonFor | undefined,
): Html | undefined {
  // What Git suspends, or who suspended the whole cluster, is not undone here.
  const isElsewhere = suspend && suspension?.name !== application;
  if (buttonFor === undefined || isElsewhere) return undefined;
  const at = { cluster, application };
  return buttonRow([
    buttonFor({ act: 'reconcile', cluster }, 'Reconcile now'),
    suspend ? buttonFor({ act: 'resume', ...at }, 'Resume') : buttonFor({ act: 'suspend', ...at }, 'Suspend'),
  ]);
}

/** Returns the buttons that approve what is refused, here or of this commit everywhere; nothing where nobody may. */
export function approveButton(
  { refusal }: Problem,
  { cluster, revision }: { readonly cluster: string; readonly revision?: string | undefined },
  buttonFor: ButtonFor | undefined,
): Html | undefined {
  if (refusal === undefined || buttonFor === undefined) return undefined;
  const { digest, application } = refusal;
  const press: Press = { act: 'approve', cluster, refusal: digest, ...(application !== undefined && { application }) };
  return buttonRow([
    buttonFor(press, 'Approve these deletions'),
    ...(revision === undefined ? [] : [buttonFor({ act: 'approve', revision }, 'Approve this commit everywhere')]),
  ]);
}

function buttonRow(buttons: readonly Html[]): Html {
  const name = html`<label class="by"><span>Your name</span> <input name="by" autocomplete="name" maxlength="100"></label>`;
  return html`<div class="buttons">${buttons}${name}</div>`;
}

/** Says who suspended what is shown, and what waits to be done. */
export function toldBanner(
  item: ClusterItem,
  suspension: ApplicationStatus['suspension'],
  nowMs: number,
): Html | undefined {
  const lines = [
    ...(suspension === undefined ? [] : [`${describeSuspension(suspension, nowMs)}`]),
    ...waitingLines(item, nowMs),
    ...leavingLines(item),
  ];
  if (lines.length === 0) return undefined;
  return html`<p class="banner still">${shapeOf('still')}<span>${lines.map((line) => html`<span class="told">${line}</span>`)}</span></p>`;
}
