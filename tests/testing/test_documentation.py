from mmbopr.testing.documentation import code_blocks, page_script

PAGE = """# Title

```bash
export A=1
```

<!-- not run: needs the licensed files -->
```bash
python tools/train.py configs/bopr/x.py
```

<!-- before:
B=$((A + 1))
export B
-->

```python
import os
print(os.environ['B'])
```

```text
nothing
```
"""


def write(tmp_path):
    page = tmp_path / 'page.md'
    page.write_text(PAGE)
    return page


def test_blocks_are_found_with_what_is_said_of_them(tmp_path):
    first, second, third = code_blocks(write(tmp_path))

    assert (first.language, first.code) == ('bash', 'export A=1\n')
    assert (first.line, second.line, third.line) == (3, 8, 17)
    assert first.not_run is None and first.before == ''
    assert second.not_run == 'needs the licensed files'
    assert second.named_files == ['configs/bopr/x.py', 'tools/train.py']
    assert third.language == 'python'
    assert third.before == 'B=$((A + 1))\nexport B\n'


def test_script_runs_them_in_one_shell(tmp_path):
    import subprocess

    script = page_script(code_blocks(write(tmp_path)))
    result = subprocess.run(
        ['bash', '-c', script.replace('python', 'python3')],
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout == '2\n'
    assert result.stderr == '@@ line 3\n@@ line 17\n'
