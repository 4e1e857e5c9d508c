/** A registry fits into one page of this size in every deployment we know of; the API never sends more. */
export const WHOLE_LIST = { limit: 200 };
