/**
 * ONNX files: run models made elsewhere, and write one's own.
 *
 * {@includeCode ../../examples/onnx.ts}
 *
 * @module @hw5/core/onnx
 */
export { type OnnxExportOptions, toOnnx } from './export/to-onnx.js';
export { loadOnnx, type OnnxArray, OnnxModel, type OnnxPort, type OnnxResult } from './graph.js';
export type { ElementType } from './value.js';
