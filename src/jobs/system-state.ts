/** How a system was reached lately, by this process: from its requests alone, which it sends anyway. Has no secret. */
export interface SystemState {
  breaker(): BreakerState;
  traffic(): Traffic;
  credentials(): CredentialsState;
}

export interface BreakerState {
  state: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
  changedAt: Date;
  /** When the next request may test the system. Null unless it is OPEN. */
  nextAttemptAt: Date | null;
}

/** The last minute: the last 60 seconds. */
export interface Traffic {
  inFlight: number;
  waiting: number;
  /** The end of the pause that the vendor requested. Null: there is none. */
  pauseEndsAt: Date | null;
  requestsLastMinute: number;
  /** Null: no request ended in the last minute. */
  latencyP50Ms: number | null;
  latencyP95Ms: number | null;
  /** Each reason that occurred. */
  blockedLastMinute: { reason: BlockedBy; count: number }[];
}

/** Why a request wasn't sent; the schema's `BlockReason` describes the values. */
export type BlockedBy = 'CIRCUIT_BREAKER' | 'VENDOR_THROTTLING' | 'CREDENTIALS_REJECTED' | 'CALLER_LIMIT';

/** The configured credentials. */
export interface CredentialsState {
  /** UNKNOWN: no response has shown whether the vendor accepts them. EXPIRED: rejected, and accepted before. */
  status: 'OK' | 'REJECTED' | 'EXPIRED' | 'UNKNOWN';
  /** When a response last showed that the vendor accepts them. Null: never. */
  provenAt: Date | null;
  /** When a response last showed that the vendor rejects them, unless it accepted them later. */
  rejectedAt: Date | null;
  /** When they are tried again. Null unless they are rejected. */
  nextAttemptAt: Date | null;
}
