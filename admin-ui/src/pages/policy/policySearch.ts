import { addressOf, filled, type AddressForm } from '../../console/useAddress.ts';

export interface PolicySearch {
  readonly version: number | undefined;
  readonly compare: number | undefined;
  /** The draft that is worked on; `new` for one that nobody has saved yet. */
  readonly draft: string | undefined;
  /** For a new draft: the version that it returns to. */
  readonly from: number | undefined;
  /** The draft beside it. */
  readonly against: string | undefined;
}

export const policyAddress: AddressForm<PolicySearch> = {
  read: (params) => ({
    version: versionIn(params.get('version')),
    compare: versionIn(params.get('compare')),
    draft: filled(params.get('draft')),
    from: versionIn(params.get('from')),
    against: filled(params.get('against')),
  }),
  write: ({ version, compare, draft, from, against }) => addressOf({ version: version?.toString(), compare: compare?.toString(), draft, from: from?.toString(), against }),
};

export const noSearch: PolicySearch = { version: undefined, compare: undefined, draft: undefined, from: undefined, against: undefined };

function versionIn(text: string | null): number | undefined {
  const version = Number(text);
  return Number.isInteger(version) && version > 0 ? version : undefined;
}
