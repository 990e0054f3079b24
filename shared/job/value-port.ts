/** Values that neither Git nor a cluster has: the port for what renderings are told of AWS. */
import type { FoundValue, OutsidePlace } from '../model/gathering.ts';

/** What cannot be read is the trouble of those who asked for it alone, so it is an answer like any other. */
export interface ValueReader<Place> {
  /** Returns an answer a place, in order; the words for a trouble stay the same as long as it does. */
  read(places: readonly Place[]): Promise<readonly FoundValue[]>;
}

/** Parameters of Systems Manager, outputs of CloudFormation stacks. */
export type OutsideValues = ValueReader<OutsidePlace>;

export type ParameterPlace = Extract<OutsidePlace, { readonly from: 'ssmParameter' }>;
export type OutputPlace = Extract<OutsidePlace, { readonly from: 'stackOutput' }>;
