// What is fetched of this page when somebody first looks at standing orders.

export { standingView } from './standing.ts';
export { standingNewView } from './standing-new.ts';
