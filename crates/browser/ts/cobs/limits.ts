/** What a standing order may say: by the standard, and by the limits that ČNB publishes. */

import type { FieldFault } from '../error.js';
import type { ExecutionMode, Interval, StandingOrderRequest } from '../generated/cobs.js';

/** Whose limits are checked before an order is sent. */
export type Limits = 'cnb' | 'standard';

const EXECUTION = 'standingOrder.execution';
const VALIDITY = 'standingOrder.validity';

/** The last day or month of an interval; of the others nothing is said. */
const LAST_DUE: Partial<Record<Interval, number>> = {
  WEEKLY: 7,
  MONTHLY: 28,
  BI_MONTHLY: 2,
  QUARTERLY: 3,
  HALFYEARLY: 6,
  YEARLY: 12,
};

/** What each mode cannot do without. */
const BOUNDS: Partial<Record<ExecutionMode, 'lastExecutionDate' | 'maxIterations' | 'maxAmount'>> =
  {
    UNTIL_DATE: 'lastExecutionDate',
    AFTER_MAX_ITERATION_EXCEEDED: 'maxIterations',
    MAX_AMOUNT_EXCEEDED: 'maxAmount',
  };

/** Every fault, by path and rule: `required`, `forbidden`, `range`, `cnb`. */
export function standingOrderFaults(order: StandingOrderRequest, limits: Limits): FieldFault[] {
  const found: FieldFault[] = [];
  const demand = (good: unknown, field: string, rule: string) => {
    if (!good) found.push({ field, rule });
  };
  const { execution, validity } = order.standingOrder ?? {};
  if (!execution) return [{ field: EXECUTION, rule: 'required' }];
  const { mode, modeDue, interval, intervalDue } = execution;
  for (const [name, value] of Object.entries({ mode, modeDue, interval, intervalDue })) {
    demand(value !== undefined, `${EXECUTION}.${name}`, 'required');
  }
  const bound = BOUNDS[mode];
  if (bound) demand(validity?.[bound] !== undefined, `${VALIDITY}.${bound}`, 'required');
  if (mode === 'UNTIL_CANCELLATION') {
    demand(validity?.lastExecutionDate === undefined, `${VALIDITY}.lastExecutionDate`, 'forbidden');
  }
  const last = LAST_DUE[interval] ?? Number.POSITIVE_INFINITY;
  const fits = Number.isInteger(intervalDue) && intervalDue >= 1 && intervalDue <= last;
  demand(fits || intervalDue === undefined, `${EXECUTION}.intervalDue`, 'range');
  if (limits === 'cnb') {
    const cnb = (good: boolean, name: string) => demand(good, `${EXECUTION}.${name}`, 'cnb');
    cnb(!['AFTER_MAX_ITERATION_EXCEEDED', 'MAX_AMOUNT_EXCEEDED'].includes(mode), 'mode');
    cnb(!modeDue || ['DUE_DAY_OF_MONTH', 'DUE_DAY'].includes(modeDue), 'modeDue');
    cnb(!['BI_MONTHLY', 'IRREGULAR'].includes(interval), 'interval');
    cnb(interval !== 'WEEKLY' || !fits || intervalDue <= 5, 'intervalDue');
  }
  return found;
}
