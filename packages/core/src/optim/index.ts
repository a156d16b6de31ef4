export { Adam, type AdamOptions, AdamW, type StepOptions } from './adam.js';
