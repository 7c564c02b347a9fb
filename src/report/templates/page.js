"use strict";
(() => {
  const D = JSON.parse(document.getElementById("data").textContent);
  const W = D.words;
  const $ = (id) => document.getElementById(id);

  /* Text from the data only ever becomes text nodes and attributes, never markup. */
  const el = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "style") for (const [key, set] of Object.entries(value)) node.style.setProperty(key, set);
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  };
  const fill = (text, ...values) => values.reduce((filled, value, at) => filled.replace("{" + at + "}", () => value), text);
  const people = (count) => (count === 1 ? W.one_student : fill(W.n_students, count));

  /* Rows by name. */
  const blocks = D.blocks.map(([id, day, start, end, kind]) => ({ id, day, start, end, kind: D.kinds[kind][0], called: D.kinds[kind][1] }));
  const sessions = D.sessions.map(([id, block, what, place, lead, assistants, capacity, students, cells]) =>
    ({ key: blocks[block].id + "/" + id, block: blocks[block], at: block, what, place, lead, assistants, capacity, students, cells }));
  const name = (session) => (session.what >= 0 ? D.offerings[session.what][1] : session.what === -1 ? W.coaching : W.study);
  const when = (block) => D.days[block.day] + " " + block.start + "–" + block.end;
  const indexed = (count, rows, keys) => {
    const lists = Array.from({ length: count }, () => []);
    rows.forEach((row) => keys(row).forEach((key) => key >= 0 && lists[key].push(row)));
    return lists;
  };
  const ofStudent = indexed(D.students.length, sessions, (session) => session.students);
  const ofStaff = indexed(D.staff.length, sessions, (session) => [session.lead, ...session.assistants]);
  const ofPlace = indexed(D.places.length, sessions, (session) => [session.place]);
  const ofBlock = indexed(D.blocks.length, sessions, (session) => [session.at]);
  const ofOffering = indexed(D.offerings.length, sessions, (session) => [session.what]);
  const grouped = (rows, key) => {
    const groups = new Map();
    rows.forEach((row, at) => groups.set(key(row), [...(groups.get(key(row)) || []), at]));
    return groups;
  };
  const groupOf = new Map(D.groups.flatMap(([, , students], at) => students.map((student) => [student, at])));
  const classes = grouped(D.students, (row) => row[2]);
  classes.delete("");
  const busy = grouped(D.busy, ([kind, id]) => kind + "/" + id);
  const cell = (session, student) => (session.cells.length ? session.cells[session.students.indexOf(student)] : -1);

  /* Everything that can be looked up. */
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const entries = [];
  const enter = (kind, key, title, sub, at) => entries.push({ kind, key, title, sub, at, text: plain(title + " " + key + " " + sub) });
  /* The few before the many, so that a teacher is not lost among students of the same name. */
  [...classes.keys()].forEach((group) => enter("class", group, group, "", group));
  D.groups.forEach(([id, coach], at) => enter("group", id, D.staff[coach][1], id, at));
  D.staff.forEach(([id, title, unit], at) => enter("staff", id, title, D.units[unit] || "", at));
  D.units.forEach((unit, at) => enter("unit", unit, unit, "", at));
  D.places.forEach(([id, title], at) => enter("place", id, title, "", at));
  D.subjects.forEach(([id, title], at) => enter("subject", id, title, id, at));
  D.offerings.forEach(([id, title], at) => enter("offering", id, title, id, at));
  D.dayIds.forEach((id, at) => enter("day", id, D.days[at], "", at));
  blocks.forEach((block, at) => enter("block", block.id, when(block), block.called + " · " + block.id, at));
  D.students.forEach(([id, title, group], at) => enter("student", id, title, group, at));
  const link = (kind, key, text) => el("a", { href: "#" + kind + "/" + key.split("/").map(encodeURIComponent).join("/") }, text);
  const studentLink = (at) => link("student", D.students[at][0], D.students[at][1]);
  const staffLink = (at) => link("staff", D.staff[at][0], D.staff[at][1]);
  const placeLink = (at) => (at < 0 ? W.online : link("place", D.places[at][0], D.places[at][1]));
  const blockLink = (block) => link("block", block.id, when(block));
  const cellLink = (at) => (at < 0 ? "" : link("subject", D.cells[at][1][0], D.cells[at][0]));
  const joined = (nodes, between) => nodes.flatMap((node, at) => (at ? [between, node] : [node]));

  /* What a repair changed: for a person in a block, and of a session. */
  const repair = D.repair || { absent: [], closed: [], changes: [], shifts: [] };
  repair.shifts.sort((one, other) => one[0] - other[0]);
  const changed = new Map(repair.changes.map(([kind, at, block, was]) => [[kind, at, block].join(), was]));
  const shiftOf = (session) => repair.shifts.find(([block, what, , now]) => block === session.at && what === name(session) && now === session.lead);
  const shiftText = ([, , was, now, from, to]) => joined([
    now === null ? W.cancelled : was !== now ? fill(W.instead_of, D.staff[now][1], was === null ? "?" : D.staff[was][1]) : null,
    now !== null && from !== to && to !== null ? fill(W.moved_to, D.places[to][1], from === null ? "?" : D.places[from][1]) : null,
  ].filter(Boolean), ", ").join("");

  /* A session as a card, in the colour of its subject. */
  const subjects = (session, only) => {
    const counts = new Map();
    session.students.forEach((student, at) => {
      const met = session.cells.length ? session.cells[at] : -1;
      if (met >= 0 && (!only || only.has(student))) counts.set(met, (counts.get(met) || 0) + 1);
    });
    return [...counts].sort((a, b) => D.colours[a[0]] - D.colours[b[0]] || a[0] - b[0]);
  };
  const strip = (counts) => (counts.length < 2 ? [] : [
    el("div", { class: "strip", "aria-hidden": "true" }, counts.map(([met, count]) =>
      el("i", { class: "hue" + D.colours[met], style: { "flex-grow": String(count) }, title: D.cells[met][0] + ": " + count }))),
    el("ul", { class: "kinds" }, counts.map(([met, count]) => el("li", {}, cellLink(met), " ", el("b", {}, String(count))))),
  ]);
  const seated = (session, only) => {
    const here = session.students.filter((student) => !only || only.has(student));
    if (!here.length) return null;
    const text = only ? fill(W.of_these, here.length)
      : session.capacity === null ? people(here.length) : fill(W.of_capacity, here.length, session.capacity);
    const comesFor = (student) => (subjects(session).length > 1 ? [" · ", cellLink(cell(session, student))] : []);
    return el("details", {}, el("summary", {}, text), el("ul", { class: "names" }, here.map((student) => el("li", {}, studentLink(student), comesFor(student)))));
  };
  const card = (block, title, lines, { kind, colour, nodes, was } = {}) =>
    el("article", { class: "card k-" + (kind || block.kind) + (colour === undefined ? "" : " hue" + colour) + (was === undefined ? "" : " changed") },
      el("span", { class: "when" }, block.start + (block.end ? "–" + block.end : "")),
      el("strong", {}, title),
      lines.filter((line) => line && (!Array.isArray(line) || line.length)).map((line) => el("span", { class: "line" }, line)),
      was === undefined ? null : el("span", { class: "line was" }, was),
      nodes || []);
  const full = (session, { only, role = null, placed, was } = {}) => {
    const counts = subjects(session, only);
    const colours = new Set(counts.map(([met]) => D.colours[met]));
    const shift = shiftOf(session);
    return card(session.block, link("session", session.key, name(session)), [
      role,
      joined([placed ? null : placeLink(session.place), role === null ? staffLink(session.lead) : null].filter(Boolean), " · "),
      session.assistants.length ? ["+ ", ...joined(session.assistants.map(staffLink), ", ")] : null,
    ], { colour: colours.size === 1 ? [...colours][0] : undefined, nodes: [...strip(counts), seated(session, only)].filter(Boolean),
      was: was !== undefined ? was : shift ? shiftText(shift) : undefined });
  };
  const own = (session, student) => {
    const met = cell(session, student);
    const shown = link("session", session.key, name(session));
    const double = met < 0 || name(session).includes(D.cells[met][0]);
    return card(session.block, double ? shown : cellLink(met),
      [double ? null : shown, joined([placeLink(session.place), staffLink(session.lead)], " · ")],
      { colour: met < 0 ? undefined : D.colours[met], was: wasText("student", student, session.at) });
  };
  const wasText = (kind, at, block) => {
    const was = changed.get([kind, at, block].join());
    return was === undefined ? undefined : fill(W.changed, was || W.free);
  };

  /* Days across and times down; under each other on a narrow screen. A cycle of two weeks is two grids. */
  const week = (items) => {
    if (!items.length) return el("p", {}, W.nothing + ".");
    const slot = (item) => item.block.start + "–" + item.block.end;
    const slots = [...new Map(items.map((item) => [slot(item), item.block])).entries()].sort((a, b) => (a[0] < b[0] ? -1 : 1));
    const grid = (from, to) => {
      const rail = slots.map(([, block], row) => el("span", { class: "rail", "aria-hidden": "true", style: { "--row": String(row) } },
        el("b", {}, block.start || W.whole_day), block.end));
      const days = D.days.slice(from, to).map((day, at) => {
        const here = items.filter((item) => item.block.day === from + at);
        return el("section", { class: "day", style: { "--day": String(at) } },
          el("h3", { class: "dayname" }, link("day", D.dayIds[from + at], day)),
          slots.map(([key], row) => el("div", { class: "cell", style: { "--row": String(row) } },
            here.filter((item) => slot(item) === key).map((item) => item.node))),
          here.length ? null : el("p", { class: "free" }, W.free));
      });
      return el("div", { class: "week", style: { "--days": String(days.length), "--rows": String(slots.length) } }, rail, days);
    };
    const across = D.days.length > 7 ? Math.ceil(D.days.length / 2) : D.days.length;
    return el("div", {}, Array.from({ length: Math.ceil(D.days.length / across) }, (_, at) => grid(at * across, (at + 1) * across)));
  };
  const items = (list, draw) => list.map((session) => ({ block: session.block, node: draw(session) }));
  /* Regular lessons and other times at which somebody is not free. */
  const busyItems = (...keys) => keys.flatMap((key) => busy.get(key) || []).map((at) => {
    const [, , day, time, note] = D.busy[at];
    const block = { day, start: time ? time[0] : "", end: time ? time[1] : "" };
    return { block, node: card(block, note || W.busy, [], { kind: "busy" }) };
  });
  /* What a repair took away. */
  const gone = (kind, at, list) => repair.changes
    .filter((row) => row[0] === kind && row[1] === at && row[3] && !list.some((session) => session.at === row[2]))
    .map(([, , block, was]) => ({ block: blocks[block], node: card(blocks[block], W.cancelled, [], { kind: "reserve", was: fill(W.changed, was) }) }));

  const facts = (pairs) => el("dl", { class: "facts" }, pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false)
    .map(([title, value]) => el("div", {}, el("dt", {}, title), el("dd", {}, value))));
  const table = (head, rows) => el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((value) => el("td", {}, value)))))));
  const heading = (text) => el("h3", { class: "sub" }, text);
  const missing = (kind, at) => {
    const rows = D.missing.filter((row) => row[0] === kind && row[1] === at);
    if (!rows.length) return [];
    return [heading(W.unmet_title), el("ul", { class: "missing" }, rows.map(([, , subject, priority, count, reason, detail, ids]) =>
      el("li", {}, el("b", {}, count + " × ", priority ? link("subject", ids[0], subject) : subject), priority ? " (" + priority + "): " : ": ", reason, el("small", {}, detail))))];
  };
  /* What was asked for a student, and by a member of staff. */
  const requestsFor = (at) => {
    const rows = D.requests.filter((row) => row[1] === at);
    return rows.length ? [heading(W.requests), el("ul", { class: "missing" }, rows.map(([, , subject, count, asked, , outcome]) =>
      el("li", {}, el("b", {}, count + " × " + subject), ": ", outcome, el("small", {}, asked))))] : [];
  };
  const requestsBy = (at) => {
    const rows = D.requests.filter((row) => row[0] === at);
    return rows.length ? [heading(W.my_requests), table([W.student, W.subject, W.sessions, W.note, W.outcome],
      rows.map((row) => [studentLink(row[1]), row[2], String(row[3]), row[5], row[6]]))] : [];
  };
  const members = (students) => [heading(W.members + " (" + students.length + ")"),
    el("ul", { class: "names wide-names" }, students.map((student) => el("li", {}, studentLink(student))))];
  const together = (students, busyKey) => {
    const only = new Set(students);
    const theirs = sessions.filter((session) => session.students.some((student) => only.has(student)));
    return [week(items(theirs, (session) => full(session, { only })).concat(busyItems(busyKey)))];
  };
  /* A row for each student, a column for each block but those of coaching. */
  const matrix = (students) => {
    const columns = blocks.map((block, at) => [block, at]).filter(([block]) => block.kind !== "coaching");
    const cellOf = (student, at) => ofStudent[student].filter((session) => session.at === at).map((session) => {
      const met = cell(session, student);
      const text = met >= 0 ? D.cells[met][1].join(" ") : session.what >= 0 ? D.offerings[session.what][0] : name(session);
      return el("td", { class: met < 0 ? "" : "hue" + D.colours[met] }, link("session", session.key, text), el("small", {}, session.place < 0 ? W.online : D.places[session.place][0]));
    })[0] || el("td");
    const perDay = D.days.map((day, at) => [day, columns.filter(([block]) => block.day === at).length]).filter(([, count]) => count);
    return [heading(W.whole_week), el("div", { class: "scroll" }, el("table", { class: "matrix" },
      el("thead", {}, el("tr", {}, el("th"), perDay.map(([day, count]) => el("th", { colspan: String(count) }, day))),
        el("tr", {}, el("th"), columns.map(([block]) => el("th", {}, link("block", block.id, block.start))))),
      el("tbody", {}, students.map((student) => el("tr", {}, el("th", { scope: "row" }, studentLink(student)), columns.map(([, at]) => cellOf(student, at)))))))];
  };
  /* Who comes, and what for. */
  const attendance = (session) => {
    const mixed = subjects(session).length > 1;
    const rows = session.students.map((student) => [student, cell(session, student)])
      .sort((a, b) => a[1] - b[1] || (D.students[a[0]][1] < D.students[b[0]][1] ? -1 : 1));
    return el("section", { class: "list" },
      el("h3", { class: "sub" }, link("session", session.key, name(session))),
      facts([[W.time, blockLink(session.block)], [W.place, placeLink(session.place)], [W.lead, staffLink(session.lead)],
        [W.assistants, session.assistants.length ? joined(session.assistants.map(staffLink), ", ") : null],
        [W.students, session.capacity === null ? String(rows.length) : fill(W.met_of, rows.length, session.capacity)]]),
      table(["", W.student, W.class, ...(mixed ? [W.comes_for] : [])], rows.map(([student, met]) =>
        [el("i", { class: "tick" }), studentLink(student), D.students[student][2], ...(mixed ? [cellLink(met)] : [])])));
  };
  /* What a repair means for a day, or for all of them. */
  const news = (day) => {
    const here = (at) => day === undefined || blocks[at].day === day;
    const out = (rows, each) => rows.filter(([, where]) => where.some(here)).map(([at, where]) => {
      const shown = where.filter(here);
      const days = [...new Set(shown.map((block) => blocks[block].day))];
      const whole = days.filter((at) => blocks.every((block, index) => block.day !== at || shown.includes(index)));
      return el("li", {}, each(at), ": ", whole.length === days.length ? days.map((at) => D.days[at]).join(", ") : shown.map((block) => when(blocks[block])).join(", "));
    });
    const lists = [[W.absent, out(repair.absent, staffLink)], [W.closed, out(repair.closed, placeLink)],
      [W.stand_ins, repair.shifts.filter(([block]) => here(block)).map((shift) =>
        el("li", {}, blockLink(blocks[shift[0]]), ": ", el("b", {}, shift[1]), ": ", shiftText(shift)))]];
    return lists.filter(([, rows]) => rows.length).map(([title, rows]) => el("div", { class: "news" }, heading(title), el("ul", {}, rows)));
  };
  const reserve = (at) => D.duties.filter(([, block, , session]) => block === at && session === null).map(([staff]) => staffLink(staff));
  const sessionsOf = {
    staff: (at) => ofStaff[at], place: (at) => ofPlace[at], block: (at) => ofBlock[at], offering: (at) => ofOffering[at],
    day: (at) => sessions.filter((session) => session.block.day === at),
    subject: (at) => sessions.filter((session) => session.cells.some((met) => met >= 0 && D.cells[met][1].includes(D.subjects[at][0]))),
  };
  const studentsOf = {
    class: (group) => classes.get(group), group: (at) => D.groups[at][2],
    unit: (at) => D.students.map((row, index) => [row, index]).filter(([row]) => row[4] === at).map(([, index]) => index),
  };

  const views = {
    student: (at) => {
      const [id, , group, year, unit] = D.students[at];
      const coaching = groupOf.get(at);
      return [facts([
        [W.class, group && link("class", group, group)], [W.year, year],
        [W.unit, unit >= 0 && link("unit", D.units[unit], D.units[unit])],
        [W.coach, coaching !== undefined && link("group", D.groups[coaching][0], D.staff[D.groups[coaching][1]][1])],
      ]), week(items(ofStudent[at], (session) => own(session, at)).concat(gone("student", at, ofStudent[at]),
        busyItems("student/" + id, "class/" + group, "year/" + year, "unit/" + D.units[unit]))), requestsFor(at), missing("student", at)];
    },
    staff: (at) => {
      const [id, , unit, least, most] = D.staff[at];
      const other = D.duties.filter((duty) => duty[0] === at).map(([, block, role, session]) => ({
        block: blocks[block],
        node: session === null ? card(blocks[block], role, [], { kind: "reserve", was: wasText("staff", at, block) })
          : full(sessions[session], { role, was: wasText("staff", at, block) }),
      }));
      const led = items(ofStaff[at], (session) => full(session, { role: session.lead === at ? "" : W.assists, was: wasText("staff", at, session.at) }));
      const packages = D.packages.filter((row) => row[0] === at).map((row) => row[1]).join(", ");
      const bounds = [least ? W.least + " " + least : "", most === null ? "" : W.most + " " + most].filter(Boolean).join(", ");
      return [facts([
        [W.unit, unit >= 0 && link("unit", D.units[unit], D.units[unit])],
        [W.blocks, led.length + (bounds ? " (" + bounds + ")" : "")], [W.packages, packages],
      ]), week(led.concat(other, gone("staff", at, ofStaff[at]), busyItems("staff/" + id, "unit/" + D.units[unit]))), requestsBy(at), missing("staff", at)];
    },
    place: (at) => {
      const [id, , seats, site] = D.places[at];
      return [facts([[W.seats_head, String(seats)]]),
        week(items(ofPlace[at], (session) => full(session, { placed: true })).concat(busyItems("place/" + id, "site/" + site)))];
    },
    subject: (at) => {
      const id = D.subjects[at][0];
      const their = (session) => new Set(session.students.filter((student) => {
        const met = cell(session, student);
        return met >= 0 && D.cells[met][1].includes(id);
      }));
      const rows = D.missing.filter((row) => row[0] === "student" && row[3] && row[7].includes(id));
      return [week(items(sessionsOf.subject(at), (session) => full(session, { only: their(session) }))),
        rows.length ? [heading(W.misses), table([W.priority, W.student, W.missing, W.reason],
          rows.map((row) => [row[3], studentLink(row[1]), String(row[4]), row[5]]))] : []];
    },
    offering: (at) => [facts([[W.subject, joined(D.offerings[at][2].map((subject) => link("subject", D.subjects[subject][0], D.subjects[subject][1])), ", ")]]),
      week(items(ofOffering[at], (session) => full(session)))],
    day: (at) => [news(at), blocks.map((block, index) => [block, index]).filter(([block]) => block.day === at).map(([block, index]) => [
      heading(block.start + "–" + block.end + " " + block.called),
      facts([[W.reserve, reserve(index).length ? joined(reserve(index), ", ") : null]]),
      table([W.session, W.lead, W.place, W.students], ofBlock[index].map((session) => [
        [link("session", session.key, name(session)), shiftOf(session) ? el("small", { class: "was" }, shiftText(shiftOf(session))) : null].filter(Boolean),
        joined([session.lead, ...session.assistants].map(staffLink), ", "), placeLink(session.place), String(session.students.length)])),
    ])],
    block: (at) => {
      const block = blocks[at];
      return [facts([[W.day, link("day", D.dayIds[block.day], D.days[block.day])], [W.time, block.start + "–" + block.end],
        [W.sessions, String(ofBlock[at].length)], [W.reserve, reserve(at).length ? joined(reserve(at), ", ") : null]]),
      el("div", { class: "side" }, ofBlock[at].map((session) => full(session)))];
    },
    session: (session) => [attendance(session)],
    class: (group) => [matrix(classes.get(group)), together(classes.get(group), "class/" + group)],
    group: (at) => [facts([[W.coach, staffLink(D.groups[at][1])]]), matrix(D.groups[at][2]), together(D.groups[at][2])],
    unit: (at) => {
      const staff = D.staff.map((row, index) => [row, index]).filter(([row]) => row[2] === at).map(([, index]) => staffLink(index));
      return [facts([[W.staff, staff.length ? joined(staff, ", ") : null],
        ...(D.budgets || []).filter(([unit]) => unit === at).map(([, text]) => [W.budget, text])]), together(studentsOf.unit(at), "unit/" + D.units[at]), members(studentsOf.unit(at))];
    },
  };
  const sheet = (kind, at) => {
    const entry = entries.find((known) => known.kind === kind && known.at === at);
    return el("section", { class: "sheet" }, el("h2", {}, entry.title), views[kind](at).flat());
  };
  const everybody = { student: [W.all_students, D.students], staff: [W.all_staff, D.staff], place: [W.all_rooms, D.places] };
  /* A week on a sheet for each, and the lists of all sessions of somebody or something. */
  const several = {
    weeks: (kind, key) => {
      if (kind === "all" && everybody[key]) return { title: everybody[key][0], nodes: everybody[key][1].map((_, at) => sheet(key, at)) };
      const entry = studentsOf[kind] && entries.find((known) => known.kind === kind && known.key === key);
      return entry && { title: entry.title, nodes: studentsOf[kind](entry.at).map((student) => sheet("student", student)) };
    },
    lists: (kind, key) => {
      const entry = sessionsOf[kind] && entries.find((known) => known.kind === kind && known.key === key);
      return entry && { title: entry.title, nodes: [...sessionsOf[kind](entry.at)].sort((a, b) => a.at - b.at).map(attendance) };
    },
  };
  /* What the address means: a heading, what it is of, and what is shown. */
  const meant = (kind, key) => {
    if (several[kind]) {
      const [, of, whose] = /^([a-z]+)\/(.*)$/s.exec(key) || [];
      const found = of && several[kind](of, whose);
      return found && { ...found, sort: kind === "lists" ? W.lists : W.week, actions: [] };
    }
    const session = kind === "session" && sessions.find((known) => known.key === key);
    if (session) return { title: name(session), sort: W.session, nodes: views.session(session), actions: [] };
    const entry = entries.find((known) => known.kind === kind && known.key === key);
    return entry && { title: entry.title, sort: W[kind], nodes: views[kind](entry.at).flat(), actions: [
      sessionsOf[kind] ? link("lists/" + kind, key, W.lists) : null,
      studentsOf[kind] ? link("weeks/" + kind, key, W.each_week) : null,
    ].filter(Boolean) };
  };

  /* The address says whose week is shown, so that it can be kept, sent and gone back to. */
  const view = $("view");
  const show = (moved) => {
    const [, kind, key] = /^#([a-z]+)[/=](.*)$/s.exec(location.hash) || [];
    document.body.classList.toggle("viewing", Boolean(kind));
    view.hidden = !kind;
    if (!kind) return;
    let wanted = key;
    try { wanted = decodeURIComponent(key); } catch (error) { /* as it stands */ }
    const found = meant(kind, wanted);
    const heading = el("h2", { tabindex: "-1" }, found ? found.title : fill(W.unknown, wanted));
    const print = el("button", { type: "button", class: "print" }, W.print);
    print.addEventListener("click", () => window.print());
    view.className = "panel v-" + kind;
    view.replaceChildren(
      el("div", { class: "who" }, el("div", {}, found ? el("p", { class: "sort" }, found.sort) : null, heading),
        el("div", { class: "do" }, found ? found.actions : [], found ? print : null, el("a", { class: "close", href: "#search" }, W.close))),
      ...(found ? found.nodes.flat(3) : []));
    if (moved) {
      heading.focus({ preventScroll: true });
      view.scrollIntoView({ block: "start" });
    }
  };
  window.addEventListener("hashchange", () => show(true));

  /* Finding: a text box with a list. */
  const box = $("find"), list = $("found"), said = $("said");
  const shownAtMost = 10;
  let found = [], chosen = -1;
  const rank = (entry, text) => {
    const title = plain(entry.title);
    if (plain(entry.key) === text || title === text) return 0;
    if (title.startsWith(text)) return 1;
    return entry.text.split(/[^a-z0-9]+/).some((word) => word.startsWith(text)) ? 2 : 3;
  };
  const search = () => {
    const text = plain(box.value.trim());
    const words = text.split(/\s+/);
    const all = text ? entries.filter((entry) => words.every((word) => entry.text.includes(word))) : [];
    found = all.map((entry, at) => [rank(entry, text), at, entry]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, shownAtMost).map((row) => row[2]);
    chosen = found.length ? 0 : -1;
    said.textContent = !text ? "" : all.length ? fill(W.matches, all.length) : W.no_match;
    list.replaceChildren(...found.map((entry, at) => {
      const option = el("li", { role: "option", id: "option-" + at, "aria-selected": String(at === chosen) },
        el("span", {}, entry.title), el("small", {}, [W[entry.kind], entry.sub].filter(Boolean).join(" · ")));
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(at); });
      return option;
    }));
    if (text && !found.length) list.replaceChildren(el("li", { class: "none" }, W.no_match));
    open(Boolean(text));
  };
  const open = (opened) => {
    list.hidden = !opened;
    box.setAttribute("aria-expanded", String(opened));
    mark();
  };
  const mark = () => {
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    if (chosen >= 0 && !list.hidden) box.setAttribute("aria-activedescendant", "option-" + chosen);
    else box.removeAttribute("aria-activedescendant");
  };
  const choose = (at) => {
    const entry = found[at];
    if (!entry) return;
    box.value = entry.title;
    open(false);
    const target = "#" + entry.kind + "/" + encodeURIComponent(entry.key);
    if (location.hash === target) show(true); else location.hash = target;
  };
  box.addEventListener("input", search);
  box.addEventListener("focus", () => box.select());
  box.addEventListener("blur", () => open(false));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      chosen = (chosen + step + found.length) % found.length;
      open(true);
      event.preventDefault();
    } else if (event.key === "Enter") { choose(chosen); event.preventDefault(); }
    else if (event.key === "Escape") { if (list.hidden) box.value = ""; open(false); }
  });
  $("search").hidden = false;

  /* The rows of what is missing, narrowed by a word. */
  const filter = $("filter");
  if (filter) {
    const rows = [...document.querySelectorAll("#rows tbody tr")];
    const texts = rows.map((row) => plain(row.textContent));
    filter.addEventListener("input", () => {
      const words = plain(filter.value).split(/\s+/);
      let left = 0;
      rows.forEach((row, at) => { row.hidden = !words.every((word) => texts[at].includes(word)); left += row.hidden ? 0 : 1; });
      $("filtered").textContent = fill(W.shown, left, rows.length);
    });
    $("filterbox").hidden = false;
  }
  /* On top of the first page: what a repair changed, and what can be printed. */
  $("news").append(...news());
  $("news").hidden = !D.repair;
  $("sheets").append(W.print_all + ": ", ...joined(Object.keys(everybody).map((kind) => link("weeks/all", kind, everybody[kind][0])), " · "),
    ". " + W.show_day + ": ", ...joined(D.dayIds.map((id, at) => link("day", id, D.days[at])), " · "));
  $("sheets").hidden = false;
  show(false);
})();
