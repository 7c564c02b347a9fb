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
  const sessions = D.sessions.map(([block, what, place, lead, assistants, capacity, students, cells, group]) =>
    ({ block: blocks[block], at: block, what, place, lead, assistants, capacity, students, cells, group }));
  const name = (session) => (session.what >= 0 ? D.offerings[session.what][1] : session.what === -1 ? W.coaching : W.study);
  const by = (count, keys) => {
    const lists = Array.from({ length: count }, () => []);
    sessions.forEach((session) => keys(session).forEach((key) => key >= 0 && lists[key].push(session)));
    return lists;
  };
  const ofStudent = by(D.students.length, (session) => session.students);
  const ofStaff = by(D.staff.length, (session) => [session.lead, ...session.assistants]);
  const ofPlace = by(D.places.length, (session) => [session.place]);
  const ofBlock = by(D.blocks.length, (session) => [session.at]);
  const groupOf = new Map();
  D.groups.forEach(([, , students], at) => students.forEach((student) => groupOf.set(student, at)));
  const classes = new Map();
  D.students.forEach(([, , group], at) => group && classes.set(group, (classes.get(group) || []).concat(at)));

  /* Everything that has a week. */
  const entries = [];
  const enter = (kind, key, title, sub, at) => entries.push({ kind, key, title, sub, at, text: plain(title + " " + key + " " + sub) });
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  /* The few before the many, so that a teacher is not lost among students of the same name. */
  [...classes.keys()].forEach((group) => enter("class", group, group, "", group));
  D.groups.forEach(([id, coach], at) => enter("group", id, D.staff[coach][1], id, at));
  D.staff.forEach(([id, title, unit], at) => enter("staff", id, title, D.units[unit] || "", at));
  D.units.forEach((unit, at) => enter("unit", unit, unit, "", at));
  D.places.forEach(([id, title], at) => enter("place", id, title, "", at));
  blocks.forEach((block, at) => enter("block", block.id, block.id, D.days[block.day] + " " + block.start, at));
  D.students.forEach(([id, title, group], at) => enter("student", id, title, group, at));
  const link = (kind, key, text) => el("a", { href: "#" + kind + "/" + encodeURIComponent(key) }, text);
  const studentLink = (at) => link("student", D.students[at][0], D.students[at][1]);
  const staffLink = (at) => link("staff", D.staff[at][0], D.staff[at][1]);
  const placeLink = (at) => (at < 0 ? W.online : link("place", D.places[at][0], D.places[at][1]));
  const joined = (nodes, between) => nodes.flatMap((node, at) => (at ? [between, node] : [node]));

  /* A session as a card. */
  const subjects = (session, only) => {
    const counts = new Map();
    session.students.forEach((student, at) => {
      const cell = session.cells.length ? session.cells[at] : -1;
      if (cell >= 0 && (!only || only.has(student))) counts.set(cell, (counts.get(cell) || 0) + 1);
    });
    return [...counts].sort((a, b) => D.colours[a[0]] - D.colours[b[0]] || a[0] - b[0]);
  };
  const strip = (session, only) => {
    const counts = subjects(session, only);
    if (counts.length < 2) return [];
    return [
      el("div", { class: "strip", "aria-hidden": "true" }, counts.map(([cell, count]) =>
        el("i", { class: "s" + D.colours[cell], style: { "flex-grow": String(count) }, title: D.cells[cell] + ": " + count }))),
      el("span", { class: "kinds" }, joined(counts.map(([cell, count]) => el("span", {}, D.cells[cell] + " ", el("b", {}, String(count)))), ", ")),
    ];
  };
  const seated = (session, only) => {
    const here = session.students.filter((student) => !only || only.has(student));
    if (!here.length) return null;
    const text = only ? fill(W.of_these, here.length)
      : session.capacity === null ? people(here.length) : fill(W.of_capacity, here.length, session.capacity);
    return el("details", {}, el("summary", {}, text), el("ul", { class: "names" }, here.map((student) => el("li", {}, studentLink(student)))));
  };
  const card = (block, title, lines, extra) =>
    el("article", { class: "card k-" + (extra && extra.kind ? extra.kind : block.kind) },
      el("span", { class: "when" }, block.start + "–" + block.end),
      el("strong", {}, title),
      lines.filter((line) => line && (!Array.isArray(line) || line.length)).map((line) => el("span", { class: "line" }, line)),
      extra && extra.nodes ? extra.nodes : []);
  const full = (session, only, role, placed) => {
    const helpers = session.assistants.length ? ["+ ", ...joined(session.assistants.map(staffLink), ", ")] : null;
    return card(session.block, name(session), [
      role,
      joined([placed ? null : placeLink(session.place), role === null ? staffLink(session.lead) : null].filter(Boolean), " · "),
      helpers,
    ], { nodes: [...strip(session, only), seated(session, only)].filter(Boolean) });
  };
  const own = (session, student) => {
    const cell = session.cells.length ? session.cells[session.students.indexOf(student)] : -1;
    const subject = cell >= 0 ? D.cells[cell] : "";
    const shown = name(session);
    const titles = !subject || shown.includes(subject) ? [shown, null] : [subject, shown];
    return card(session.block, titles[0], [titles[1], joined([placeLink(session.place), staffLink(session.lead)], " · ")]);
  };

  /* Days across and times down; under each other on a narrow screen. */
  const week = (items) => {
    if (!items.length) return el("p", {}, W.nothing + ".");
    const slot = (block) => block.start + block.end;
    const slots = [...new Map(items.map((item) => [slot(item.block), item.block])).entries()].sort((a, b) => (a[0] < b[0] ? -1 : 1));
    const rail = el("div", { class: "rail", "aria-hidden": "true" }, slots.map(([, block], row) =>
      el("span", { style: { "grid-row": String(row + 2) } }, el("b", {}, block.start), block.end)));
    const days = D.days.map((day, at) => {
      const here = items.filter((item) => item.block.day === at);
      return el("section", { class: "day" }, el("h3", { class: "dayname" }, day), slots.map(([key], row) =>
        el("div", { class: "cell", style: { "grid-row": String(row + 2) } },
          here.filter((item) => slot(item.block) === key).map((item) => item.node))),
        here.length ? null : el("p", { class: "free" }, W.free));
    });
    return el("div", { class: "week", style: { "--days": String(days.length), "--rows": String(slots.length) } }, rail, days);
  };
  const items = (list, draw) => list.map((session) => ({ block: session.block, node: draw(session) }));

  const facts = (pairs) => el("dl", { class: "facts" }, pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false)
    .map(([title, value]) => el("div", {}, el("dt", {}, title), el("dd", {}, value))));
  const missing = (kind, at) => {
    const rows = D.missing.filter((row) => row[0] === kind && row[1] === at);
    if (!rows.length) return [];
    return [el("h3", { class: "sub" }, W.unmet_title), el("ul", { class: "missing" }, rows.map(([, , subject, priority, count, reason, detail]) =>
      el("li", {}, el("b", {}, count + " × " + subject), priority ? " (" + priority + "): " : ": ", reason, el("small", {}, detail))))];
  };
  const together = (students) => {
    const only = new Set(students);
    const theirs = sessions.filter((session) => session.students.some((student) => only.has(student)));
    return [week(items(theirs, (session) => full(session, only, null))),
      el("h3", { class: "sub" }, W.members + " (" + students.length + ")"),
      el("ul", { class: "names wide-names" }, students.map((student) => el("li", {}, studentLink(student))))];
  };

  const views = {
    student: (at) => {
      const [, , group, year, unit] = D.students[at];
      const coaching = groupOf.get(at);
      return [facts([
        [W.class, group && link("class", group, group)], [W.year, year],
        [W.unit, unit >= 0 && link("unit", D.units[unit], D.units[unit])],
        [W.coach, coaching !== undefined && link("group", D.groups[coaching][0], D.staff[D.groups[coaching][1]][1])],
      ]), week(items(ofStudent[at], (session) => own(session, at))), missing("student", at)];
    },
    staff: (at) => {
      const [, , unit, least, most] = D.staff[at];
      const other = D.duties.filter((duty) => duty[0] === at).map(([, block, role, session]) => ({
        block: blocks[block],
        node: session === null ? card(blocks[block], role, [], { kind: "reserve" }) : full(sessions[session], null, role),
      }));
      const led = items(ofStaff[at], (session) => full(session, null, session.lead === at ? "" : W.assists));
      const packages = D.packages.filter((row) => row[0] === at).map((row) => row[1]).join(", ");
      const bounds = [least ? W.least + " " + least : "", most === null ? "" : W.most + " " + most].filter(Boolean).join(", ");
      return [facts([
        [W.unit, unit >= 0 && link("unit", D.units[unit], D.units[unit])],
        [W.blocks, led.length + (bounds ? " (" + bounds + ")" : "")], [W.packages, packages],
      ]), week(led.concat(other)), missing("staff", at)];
    },
    place: (at) => [facts([[W.seats_head, String(D.places[at][2])]]), week(items(ofPlace[at], (session) => full(session, null, null, true)))],
    block: (at) => {
      const block = blocks[at];
      return [facts([[W.day, D.days[block.day]], [W.time, block.start + "–" + block.end], [W.sessions, String(ofBlock[at].length)]]),
        el("div", { class: "side" }, ofBlock[at].map((session) => full(session, null, null)))];
    },
    class: (group) => together(classes.get(group)),
    group: (at) => [facts([[W.coach, staffLink(D.groups[at][1])]]), ...together(D.groups[at][2])],
    unit: (at) => {
      const staff = D.staff.map((row, index) => [row, index]).filter(([row]) => row[2] === at).map(([, index]) => staffLink(index));
      const students = D.students.map((row, index) => [row, index]).filter(([row]) => row[4] === at).map(([, index]) => index);
      return [facts([[W.staff, staff.length ? joined(staff, ", ") : null]]), ...together(students)];
    },
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
    const entry = entries.find((known) => known.kind === kind && known.key === wanted);
    const heading = el("h2", { tabindex: "-1" }, entry ? entry.title : fill(W.unknown, wanted));
    const print = el("button", { type: "button", class: "print" }, W.print);
    print.addEventListener("click", () => window.print());
    view.replaceChildren(
      el("div", { class: "who" }, el("div", {}, entry ? el("p", { class: "sort" }, W[kind]) : null, heading),
        el("div", { class: "do" }, entry ? print : null, el("a", { class: "close", href: "#search" }, W.close))),
      ...(entry ? views[kind](entry.at).flat() : []));
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
  show(false);
})();
