export { type AttentionInput, attendByHand, question3 } from './attention.js';
