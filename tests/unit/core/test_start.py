"""What the application loads when it starts: a worker that never solves or reads a workbook pays nothing for it."""

import subprocess
import sys

CODE = "import sys, qa_app.rooms, qa_app.reactions, qa_app.cli; print(*sorted({'alembic', 'apscheduler', 'holidays', 'icalendar', 'numpy', 'openpyxl', 'ortools', 'svg', 'xlsxwriter'} & set(sys.modules)))"


def test_what_only_some_tasks_need_is_loaded_by_them():
    loaded = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True)
    assert loaded.stdout.split() == []
