"""Check ONNX files and run them with onnxruntime: `python tools/run_onnx.py FOLDER` for FOLDER/<name>.onnx, each with
its inputs in <name>.in.safetensors; writes the outputs to <name>.out.safetensors. Needs onnx, onnxruntime, safetensors."""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file, save_file

for file in sorted(Path(sys.argv[1]).glob('*.onnx')):
    onnx.checker.check_model(onnx.load(file), full_check=True)
    session = onnxruntime.InferenceSession(str(file), providers=['CPUExecutionProvider'])
    feeds = load_file(file.with_suffix('.in.safetensors'))
    names = [output.name for output in session.get_outputs()]
    results = dict(zip(names, session.run(names, feeds)))
    save_file({name: np.ascontiguousarray(value) for name, value in results.items()}, file.with_suffix('.out.safetensors'))
