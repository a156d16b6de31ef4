/**
 * Looking into recurrent networks: states and gates, how far gradients reach, what a prediction rests on.
 *
 * {@includeCode ../../examples/inspect.ts}
 *
 * @module @hw5/core/inspect
 */
export { type Connectivity, characterConnectivity, connectivity } from './connectivity.js';
export { type InfluenceOptions, type StateInfluence, stateInfluence } from './influence.js';
export { type LayerOptions, type LayerRecord, recordLayer } from './layer.js';
export { type StateMatch, type StateSearch, type StateSearchResult, searchStates } from './search.js';
