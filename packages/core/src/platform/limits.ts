/** What a worker may use. A file of its own: declarations that users see name it, and no type of a browser. */
export interface WorkerLimits {
  /** Megabytes of its JavaScript heap (Node; browsers set their own). Defaults to the engine's. */
  readonly heapMegabytes?: number | undefined;
}
