"""How long an import of a case list takes, as a multiple of what openpyxl alone needs to read the same file.

`python -m bench.import_cases`: a generated list of 5,000 open children (and with BENCH_FULL=1 one of 100,000), previewed
and applied on an empty SQLite database in a process of its own. Prints seconds, the ratio, and the peak of memory.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAKER = ROOT / "tests" / "data" / "make_annex_a.py"
SIZES = (5_000, 100_000) if os.environ.get("BENCH_FULL") == "1" else (5_000,)
ROUNDS = 3
ALONE = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
for sheet in book.worksheets:
    for _ in sheet.iter_rows(values_only=True):
        pass
"""
STARTED = "import openpyxl"
APP_STARTED = "from qa_app.cli import main; main(['import-cases', '--help'])"
IMPORT = "from qa_app.cli import main; main()"


def seconds(code: str, arguments: list[str], folder: Path) -> tuple[float, int]:
    """Processor seconds and peak of memory in megabytes of a Python process of its own.

    Processor time, so that whatever else the machine does is not counted.

    Raises:
        RuntimeError: the process failed.
    """
    environ = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": "", "DEMO": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env=environ, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def measure(children: int, folder: Path) -> None:
    """Generate a list and measure it."""
    file, teams = folder / f"{children}.xlsx", folder / f"{children}-teams.csv"
    lists = ["--lists", "6,7,8,9"] if children > 50_000 else []
    more = ["--seed", "7", "--mess", "light", "--id-style", "leading-zero", "--teams", str(teams), *lists]
    subprocess.run(
        [sys.executable, str(MAKER), str(file), "--children", str(children), *more],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    rounds = ROUNDS if children <= 50_000 else 1
    alone = median([seconds(ALONE, [str(file)], folder)[0] - seconds(STARTED, [], folder)[0] for _ in range(rounds)])
    started = median([seconds(APP_STARTED, [], folder)[0] for _ in range(rounds)])
    runs = []
    for number in range(rounds):
        data = folder / f"data-{children}-{number}"
        seconds(IMPORT, ["db", "upgrade"], data)
        runs.append(seconds(IMPORT, ["import-cases", str(file), "--teams", str(teams), "--apply", "--json"], data))
    taken = median([run[0] for run in runs]) - started
    peak = max(run[1] for run in runs)
    print(
        f"{children:,} open children: openpyxl alone {alone:.1f} s, preview and apply {taken:.1f} s, "
        f"ratio {taken / alone:.2f} (bar 3), peak {peak} MB (bar 500)"
    )


def median(values: list[float]) -> float:
    """The middle one."""
    return sorted(values)[len(values) // 2]


def main() -> None:
    """Measure every size."""
    with tempfile.TemporaryDirectory() as folder:
        for children in SIZES:
            began = time.perf_counter()
            measure(children, Path(folder))
            print(f"  measured in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
