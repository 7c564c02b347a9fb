#!/usr/bin/env python3
"""leerzone beside other solvers on the post-enrolment instances of the timetabling competitions of 2002 and 2007.

An instance has events, rooms, features and students: each event takes place once, in one of 45 slots, in a room that is
large enough and has its features, and no student attends two at once. In 2007 some events may only be at some times.
Some are to be before others as well, whoever attends them: leerzone has no such rule, so it is left out for all solvers.
What is counted is what competitions call the distance to feasibility: attendances of students that do not take place.
Setting up and running is told in docs/performance.md.

    itc.py convert FILE DIR       writes the instance as a school
    itc.py run FILE... [--solvers leerzone,cpsat,highs,unitime] [--seconds 10,60] [--program PATH] [--unitime FOLDER]
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

DAYS = ["mon", "tue", "wed", "thu", "fri"]
A_DAY = 9
SLOTS = len(DAYS) * A_DAY


class Instance:
    """What a `.tim` file says."""

    def __init__(self, path):
        numbers = iter(map(int, Path(path).read_text().split()))
        events, rooms, features, students = (next(numbers) for _ in range(4))
        table = lambda rows, columns: [[next(numbers) for _ in range(columns)] for _ in range(rows)]
        self.seats = [next(numbers) for _ in range(rooms)]
        attends = table(students, events)
        has = table(rooms, features)
        asks = table(events, features)
        rest = list(numbers)
        # The files of 2002 end here.
        times = rest[: events * SLOTS] or [1] * (events * SLOTS)
        self.of_2007 = bool(rest)
        self.events, self.rooms, self.features, self.students = (
            range(events), range(rooms), range(features), range(students))
        self.of_student = [[e for e in self.events if row[e]] for row in attends]
        self.students_of = [[s for s in self.students if attends[s][e]] for e in self.events]
        self.has = [{f for f in self.features if has[r][f]} for r in self.rooms]
        self.asks = [{f for f in self.features if asks[e][f]} for e in self.events]
        self.times = [[t for t in range(SLOTS) if times[e * SLOTS + t]] for e in self.events]
        self.suits = [
            [r for r in self.rooms if len(self.students_of[e]) <= self.seats[r] and self.asks[e] <= self.has[r]]
            for e in self.events]

    def missing(self, placed):
        """Attendances that do not take place where events are in these slots and rooms: what breaks a rule is taken out,
        the event of fewest students first."""
        placed = {e: at for e, at in placed.items() if at[0] in self.times[e] and at[1] in self.suits[e]}
        size = lambda e: len(self.students_of[e])
        while True:
            wrong = Counter()
            slots = {}
            for e, (t, r) in placed.items():
                slots.setdefault(t, []).append(e)
            for together in slots.values():
                for i, a in enumerate(together):
                    for b in together[:i]:
                        if placed[a][1] == placed[b][1] or self.shared(a, b):
                            wrong[a] += 1
                            wrong[b] += 1
            if not wrong:
                return sum(size(e) for e in self.events if e not in placed)
            del placed[min(wrong, key=lambda e: (size(e) / wrong[e], e))]

    def shared(self, a, b):
        return not self.sets()[a].isdisjoint(self.sets()[b])

    def sets(self):
        if not hasattr(self, "_sets"):
            self._sets = [set(students) for students in self.students_of]
        return self._sets


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def convert(instance, folder):
    """The instance as a school: a subject and an offering an event, and a teacher who leads it once. A session may run
    without some of its students, which a competition's event may not."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "school.toml").write_text(
        f'name = "{folder.name}"\ndays = {DAYS}\n[weights]\nmust = 1\nshould = 1\ncould = 1\nfairness = 0\n'.replace("'", '"'))
    blocks = [
        f'[[block]]\nid = "{{day}}-{h}"\nstart = "{9 + h:02}:00"\nend = "{10 + h:02}:00"\nkind = "lesson"\n'
        for h in range(A_DAY)]
    (folder / "layout.toml").write_text('name = "45 slots"\n' + "".join(blocks))
    events = [e for e in instance.events if instance.students_of[e]]
    write(folder / "subjects.csv", ["subject", "name"], [[f"e{e}", f"Event {e}"] for e in events])
    write(
        folder / "offerings.csv", ["offering", "name", "subjects", "min", "max", "tags"],
        [[f"e{e}", f"Event {e}", f"e{e}", 1, len(instance.students_of[e]),
          "|".join(f"f{f}" for f in sorted(instance.asks[e]))] for e in events])
    write(
        folder / "places.csv", ["place", "name", "seats", "tags"],
        [[f"r{r}", f"Room {r}", instance.seats[r], "|".join(f"f{f}" for f in sorted(instance.has[r]))]
         for r in instance.rooms])
    write(
        folder / "staff.csv", ["staff", "name", "roles", "subjects", "max_blocks"],
        [[f"t{e}", f"Teacher {e}", "teacher", f"e{e}", 1] for e in events])
    write(folder / "students.csv", ["student", "name"], [[f"s{s}", f"Student {s}"] for s in instance.students])
    write(
        folder / "needs.csv", ["who", "subject", "sessions", "priority"],
        [[f"s{s}", f"e{e}", 1, "must"] for s in instance.students for e in instance.of_student[s]])
    hour = lambda t: [DAYS[t // A_DAY], f"{9 + t % A_DAY:02}:00", f"{10 + t % A_DAY:02}:00"]
    write(
        folder / "busy.csv", ["kind", "id", "day", "start", "end"],
        [["staff", f"t{e}", *hour(t)] for e in events for t in range(SLOTS) if t not in instance.times[e]])


def by_leerzone(instance, seconds, options):
    with tempfile.TemporaryDirectory() as folder:
        school, out = Path(folder) / "school", Path(folder) / "out"
        convert(instance, school)
        began = time.monotonic()
        subprocess.run(
            [options.program, "solve", school, "--out", out, "--time-limit", str(seconds), "--threads", "2", "--quiet"],
            check=True, capture_output=True)
        took = time.monotonic() - began
        subprocess.run([options.program, "verify", school, out], check=True, capture_output=True)
        with open(out / "unmet_needs.csv", newline="") as file:
            unmet = sum(int(row["missing"]) for row in csv.DictReader(file))
    return unmet, took


def by_cpsat(instance, seconds, _):
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    at = {(e, t, r): model.new_bool_var("") for e in instance.events for t in instance.times[e] for r in instance.suits[e]}
    in_slot = {}
    for (e, t, _), variable in at.items():
        in_slot.setdefault((e, t), []).append(variable)
    for e in instance.events:
        model.add_at_most_one([at[e, t, r] for t in instance.times[e] for r in instance.suits[e]])
    for t in range(SLOTS):
        for r in instance.rooms:
            model.add_at_most_one([at[e, t, r] for e in instance.events if (e, t, r) in at])
        for events in {tuple(events) for events in instance.of_student}:
            model.add_at_most_one([x for e in events for x in in_slot.get((e, t), [])])
    model.maximize(sum(len(instance.students_of[e]) * x for (e, _, _), x in at.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    began = time.monotonic()
    status = solver.solve(model)
    took = time.monotonic() - began
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    placed = {e: (t, r) for (e, t, r), x in at.items() if found and solver.value(x)}
    return instance.missing(placed), took


def by_highs(instance, seconds, _):
    import highspy
    import numpy

    keys = [(e, t, r) for e in instance.events for t in instance.times[e] for r in instance.suits[e]]
    column = {key: at for at, key in enumerate(keys)}
    in_slot = {}
    for (e, t, _), at in column.items():
        in_slot.setdefault((e, t), []).append(at)
    rows = [[column[e, t, r] for t in instance.times[e] for r in instance.suits[e]] for e in instance.events]
    for t in range(SLOTS):
        rows += [[column[e, t, r] for e in instance.events if (e, t, r) in column] for r in instance.rooms]
        rows += [
            [at for e in events for at in in_slot.get((e, t), [])]
            for events in {tuple(events) for events in instance.of_student}]
    rows = [row for row in rows if len(row) > 1]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(keys), len(rows)
    lp.col_cost_ = numpy.array([float(len(instance.students_of[e])) for e, _, _ in keys])
    lp.col_lower_, lp.col_upper_ = numpy.zeros(len(keys)), numpy.ones(len(keys))
    lp.row_lower_, lp.row_upper_ = numpy.full(len(rows), -highspy.kHighsInf), numpy.ones(len(rows))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = numpy.cumsum([0] + [len(row) for row in rows])
    lp.a_matrix_.index_ = numpy.array([at for row in rows for at in row])
    lp.a_matrix_.value_ = numpy.ones(len(lp.a_matrix_.index_))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(keys)
    lp.sense_ = highspy.ObjSense.kMaximize
    solver = highspy.Highs()
    solver.silent()
    for name, value in [ ("time_limit", float(seconds)), ("threads", 2)]:
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    began = time.monotonic()
    solver.run()
    took = time.monotonic() - began
    values = solver.getSolution().col_value
    placed = {keys[at][0]: keys[at][1:] for at in range(len(keys)) if len(values) and values[at] > 0.5}
    return instance.missing(placed), took


def by_unitime(instance, seconds, options):
    """The competition entry of UniTime's authors, compiled into `classes` of its folder."""
    folder = Path(options.unitime)
    problem = "tim" if instance.of_2007 else "ttcomp02"
    with tempfile.TemporaryDirectory() as out:
        plain = Path(out) / "plain.tim"
        lines = Path(instance.path).read_text().split("\n")
        ordered = len(instance.events) ** 2 if instance.of_2007 else 0
        while not lines[-1].strip():
            lines.pop()
        plain.write_text("\n".join(lines[: len(lines) - ordered] + ["0"] * ordered) + "\n")
        answer = Path(out) / "answer.sln"
        began = time.monotonic()
        subprocess.run(
            ["java", f"-Dtimeout={seconds}", "-Dseed=1", "-cp", f"{folder / 'classes'}:{folder / 'lib'}/*",
             "net.sf.cpsolver.itc.ItcTest", problem, plain, answer], check=True, capture_output=True)
        took = time.monotonic() - began
        lines = [list(map(int, line.split())) for line in answer.read_text().splitlines()]
    return instance.missing({e: tuple(line) for e, line in enumerate(lines) if line[0] >= 0}), took


SOLVERS = {"leerzone": by_leerzone, "cpsat": by_cpsat, "highs": by_highs, "unitime": by_unitime}


def run(options):
    """A row an instance and limit: attendances, and those missing by solver, in turns so that all have the same machine."""
    solvers = options.solvers.split(",")
    print("| instance | seconds | attendances | " + " | ".join(solvers) + " |")
    print("|---" * (3 + len(solvers)) + "|")
    perfect, missing = Counter(), Counter()
    for path in options.files:
        instance = Instance(path)
        instance.path = path
        for seconds in map(int, options.seconds.split(",")):
            cells = []
            for name in solvers:
                lost, _ = SOLVERS[name](instance, seconds, options)
                perfect[name, seconds] += lost == 0
                missing[name, seconds] += lost
                cells.append(str(lost))
            attendances = sum(map(len, instance.of_student))
            print(f"| {Path(path).stem} | {seconds} | {attendances} | " + " | ".join(cells) + " |", flush=True)
    for seconds in map(int, options.seconds.split(",")):
        for what, of in [("perfect", perfect), ("missing", missing)]:
            print(f"| {what} | {seconds} | | " + " | ".join(str(of[name, seconds]) for name in solvers) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("convert")
    one.add_argument("file")
    one.add_argument("folder")
    all_of_them = commands.add_parser("run")
    all_of_them.add_argument("files", nargs="+")
    all_of_them.add_argument("--solvers", default="leerzone,cpsat,highs")
    all_of_them.add_argument("--seconds", default="10")
    all_of_them.add_argument("--program", default="target/release/leerzone")
    all_of_them.add_argument("--unitime", help="folder of cpsolver-itc2007, compiled into its `classes`")
    options = parser.parse_args()
    if options.command == "convert":
        convert(Instance(options.file), options.folder)
    else:
        run(options)


if __name__ == "__main__":
    sys.exit(main())
