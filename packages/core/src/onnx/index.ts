/** ONNX files: run models made elsewhere. */
export { loadOnnx, type OnnxArray, OnnxModel, type OnnxPort, type OnnxResult } from './graph.js';
export type { ElementType } from './value.js';
