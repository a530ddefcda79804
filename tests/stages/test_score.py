import subprocess
import sys
from pathlib import Path

STAGE = Path(__file__).resolve().parents[2] / "stages" / "score.py"


def test_scoring_imports_no_heavy_library():
    program = f"import runpy, sys; runpy.run_path({str(STAGE)!r}); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"belle.score.score_variant", "rouge_score"} <= set(modules)
    assert not {"torch", "transformers", "datasets", "peft", "pyarrow"} & set(modules)
