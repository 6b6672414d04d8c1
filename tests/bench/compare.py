#!/usr/bin/env python3
"""Whole runs of heapwalk and of other programs on the same file, side by side: wall time, processor time, peak memory.

    tests/bench/compare.py FILE…                       heapwalk alone, target/release/heapwalk
    tests/bench/compare.py --peers FILE…               and the peers that registries have, installed into target/peers
    tests/bench/compare.py --against 'before=BINARY summary {} --limit 1' FILE…    and any other command, with a name
                                                       for it; {} is the file
    tests/bench/compare.py --cache FILE…               first and second opening with the index cache, and without it

The programs take turns, five times after one run that does not count, so that what else the machine does meets all of
them. A row gives medians, and the median of the ratios of the pairs: so many times what heapwalk needs. Peak memory is
also told as a multiple of the file. Runs on Linux and macOS with Python 3 and nothing else; the peers need npm and cargo.
"""
import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NODE = ["node", "--max-old-space-size=20000"]


def install(folder):
    """Installs the peers by the names of their packages; gives those that could be installed with their commands."""
    folder.mkdir(parents=True, exist_ok=True)
    peers = {}
    npm = {"DevTools": (["chrome-devtools-frontend", "esbuild"], "devtools.mjs"),
           "memlab": (["@memlab/heap-analysis"], "memlab.mjs")}
    for name, (packages, program) in npm.items():
        place = folder / name.lower()
        place.mkdir(exist_ok=True)
        done = all((place / "node_modules" / package).exists() for package in packages)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", str(place)]
        if done or run_quietly(["npm", "install", *quiet, *packages]):
            peers[name] = [*NODE, str(HERE / "peers" / program), str(place), "{}"]
    place = folder / "v8-heap-parser"
    (place / "src").mkdir(parents=True, exist_ok=True)
    (place / "Cargo.toml").write_text('[package]\nname = "parser"\nversion = "0.1.0"\nedition = "2021"\n\n'
                                      '[workspace]\n\n[dependencies]\nv8-heap-parser = "1.1"\n')
    shutil.copy(HERE / "peers" / "parser.rs", place / "src" / "main.rs")
    build = ["cargo", "build", "--release", "--quiet", "--manifest-path", str(place / "Cargo.toml"),
             "--target-dir", str(place / "target")]
    if run_quietly(build):
        peers["v8-heap-parser"] = [str(place / "target" / "release" / "parser"), "{}"]
    return peers


def run_quietly(command):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        print(f"{command[0]} is not there", file=sys.stderr)
        return False


def measure(command, path, timeout):
    """Wall time, processor time, peak memory in bytes; nothing where it fails."""
    command = [path if word == "{}" else word for word in command]
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        # Not `wait4` at once: it cannot be given up.
        while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
            if time.monotonic() - started > timeout:
                child.kill()
                break
            time.sleep(0.001)
    finally:
        ended = time.monotonic()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        return None
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return ended - started, used.ru_utime + used.ru_stime, peak


def compare(programs, path, runs, timeout):
    size = os.path.getsize(path)
    results = {name: [] for name in programs}
    for turn in range(runs + 1):
        for name, command in programs.items():
            if results[name] is not None:
                result = measure(command, path, timeout)
                if result is None:
                    results[name] = None
                elif turn > 0:
                    results[name].append(result)
    own = results["heapwalk"]
    print(f"\n{os.path.basename(path)}, {size / 1e6:.0f} MB, {runs} runs each in turn\n")
    print("| | wall | processor | peak | MB/s | wall, ratio | processor, ratio | peak, ratio | peak, times the file |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, result in results.items():
        if not result:
            print(f"| {name} | failed | | | | | | | |")
            continue
        wall, processor, peak = (median(run[of] for run in result) for of in range(3))
        pairs = list(zip(result, own)) if own else []
        ratios = [median(run[of] / pair[of] for run, pair in pairs) if pairs else float("nan") for of in range(3)]
        print(f"| {name} | {wall:.2f} s | {processor:.2f} s | {peak / 1e6:.0f} MB | {size / 1e6 / wall:.0f} | "
              + " | ".join(f"{ratio:.2f} ×" for ratio in ratios) + f" | {peak / size:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--heapwalk", default=str(ROOT / "target/release/heapwalk"), metavar="PATH")
    parser.add_argument("--command", default="summary {} --limit 1 --no-cache", help="what heapwalk is asked")
    parser.add_argument("--against", action="append", default=[], metavar="NAME=COMMAND",
                        help="another program; {} is the file")
    parser.add_argument("--peers", action="store_true", help="also the peers that registries have")
    parser.add_argument("--peers-in", type=Path, default=ROOT / "target/peers", metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--timeout", type=float, default=600, metavar="SECONDS")
    parser.add_argument("--cache", action="store_true",
                        help="first and second opening with the index cache, in a folder of its own")
    arguments = parser.parse_args()
    programs = {"heapwalk": [arguments.heapwalk, *shlex.split(arguments.command)]}
    for text in arguments.against:
        name, equals, command = text.partition("=")
        if not equals or " " in name:
            name, command = text, text
        programs[name] = shlex.split(command)
    if arguments.peers:
        programs |= install(arguments.peers_in)
    for path in arguments.files:
        if arguments.cache:
            first_and_second(programs["heapwalk"], path, arguments.runs)
        else:
            compare(programs, path, arguments.runs, arguments.timeout)


def first_and_second(command, path, runs):
    """What the index cache gives: without it, with nothing in it, with everything in it."""
    kept = [word for word in command if word != "--no-cache"]
    with tempfile.TemporaryDirectory(prefix="heapwalk-") as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        measure(kept, path, 600)
        results = {"without": [], "first, and written": [], "again": []}
        for _ in range(runs):
            results["without"].append(measure([*kept, "--no-cache"], path, 600))
            shutil.rmtree(os.path.join(folder, "heapwalk"), ignore_errors=True)
            results["first, and written"].append(measure(kept, path, 600))
            results["again"].append(measure(kept, path, 600))
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    print(f"\n{os.path.basename(path)}, {os.path.getsize(path) / 1e6:.0f} MB; the index takes {size / 1e6:.0f} MB\n")
    print("| opened | wall | processor | peak |\n| --- | ---: | ---: | ---: |")
    for name, result in results.items():
        wall, processor, peak = (median(run[of] for run in result) for of in range(3))
        print(f"| {name} | {wall * 1000:.0f} ms | {processor * 1000:.0f} ms | {peak / 1e6:.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
