//! `layout.toml`, or the layout named on the command line.

use std::ops::Range;

use crate::limits;
use crate::school::{Block, BlockId, DayId, Id, Kind, ids};

use super::columns;
use super::document::{self, Keys, Word};
use super::input::Input;
use super::names::Names;
use super::origin::Document;
use super::problem::{Problem, Problems};
use super::roster::duplicate;
use super::source::Source;
use super::value;
use super::workbook;

/// The blocks in order of day, start and end.
#[derive(Debug)]
pub struct Layout {
    pub document: Document,
    pub name: String,
    pub blocks: Vec<Block>,
    pub names: Names<BlockId>,
    /// For each block the entries of its `audience` (none = everyone), as an index into
    /// [`Layout::audiences`]: blocks that one entry expands to share theirs.
    pub audience: Vec<usize>,
    pub audiences: Vec<Vec<Word>>,
    /// For each block the bytes of its id, for messages.
    pub spans: Vec<Range<usize>>,
}

/// What one `[[block]]` says, before `{day}` is filled in.
struct Pattern {
    id: String,
    id_span: Range<usize>,
    days: Vec<DayId>,
    start: u16,
    end: u16,
    kind: Kind,
    audience: usize,
}

impl Layout {
    pub fn read(input: &Input, days: &Names<DayId>, problems: &mut Problems) -> Self {
        let (path, name) = input.layout_file();
        let mut read = Self {
            document: Document::default(),
            name: String::new(),
            blocks: Vec::new(),
            names: Names::new("block", "the layout", false),
            audience: Vec::new(),
            audiences: Vec::new(),
            spans: Vec::new(),
        };
        if !workbook::is_there(&path) {
            problems.push(super::folder::missing_file(input.dir, &name, "the blocks of the week"));
            return read;
        }
        let Some(mut source) = Source::load(&path, &name, limits::SETTINGS, problems) else { return read };
        let annexes = input.changes.annex_to(&mut source);
        let mut document = document::parse(&source, problems);
        input.changes.apply_to_layout(document.get_mut(), &annexes, problems);
        let keys = Keys::new(&source, &columns::LAYOUT, document.get_ref(), 0..0, problems);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        read.name = keys.text("name", problems).map(str::to_owned).or(stem).unwrap_or_default();
        let before = problems.error_count();
        let mut patterns = Vec::new();
        for keys in keys.sections(&columns::BLOCK, problems) {
            patterns.extend(read.pattern(&keys, days, problems));
        }
        // A block that could not be read may be the one that another file names.
        let is_whole = problems.error_count() == before && !problems.has(document::SYNTAX, &name);
        let complete = is_whole && days.is_complete() && !patterns.is_empty();
        read.names = Names::new("block", "the layout", complete);
        read.expand(&source, patterns, days, problems);
        read.document.source = Some(source);
        read
    }

    fn pattern(
        &mut self,
        keys: &Keys,
        known_days: &Names<DayId>,
        problems: &mut Problems,
    ) -> Option<Pattern> {
        let id = keys.text("id", problems);
        let days = pattern_days(keys, known_days, problems);
        let (start, end) = (keys.time("start", problems), keys.time("end", problems));
        let kind = keys.word("kind", &Kind::ALL.map(|kind| (kind.label(), kind)), problems);
        let audience = keys.words("audience", problems).unwrap_or_default();
        if let (Some(start), Some(end)) = (start, end)
            && let Err(problem) = value::check_interval(start, end)
        {
            keys.report("end", problem, problems);
            return None;
        }
        let id = id?.to_owned();
        if days.len() > 1 && !id.contains("{day}") {
            keys.report("id", needs_day(&id, days.len()), problems);
            return None;
        }
        self.audiences.push(audience);
        Some(Pattern {
            id,
            id_span: keys.span_of("id"),
            days,
            start: start?,
            end: end?,
            kind: kind?,
            audience: self.audiences.len() - 1,
        })
    }

    fn expand(
        &mut self,
        source: &Source,
        patterns: Vec<Pattern>,
        days: &Names<DayId>,
        problems: &mut Problems,
    ) {
        let blocks: usize = patterns.iter().map(|pattern| pattern.days.len()).sum();
        if blocks > limits::BLOCKS {
            let span = patterns.last().map_or(0..0, |pattern| pattern.id_span.clone());
            problems.push(too_many("blocks", blocks, limits::BLOCKS).at(source, span).field("id"));
            return;
        }
        let labels = days.list();
        let mut expanded: Vec<(Block, usize, Range<usize>)> = Vec::new();
        for pattern in patterns {
            for &day in &pattern.days {
                let id = pattern.id.replace("{day}", labels[day.index()]);
                let Pattern { start, end, kind, .. } = pattern;
                let block = Block { id, day, start, end, kind };
                expanded.push((block, pattern.audience, pattern.id_span.clone()));
            }
        }
        expanded.sort_by_key(|(block, ..)| (block.day, block.start, block.end));
        for (block, audience, span) in expanded {
            match self.names.insert(&block.id, BlockId::new(self.blocks.len())) {
                Ok(()) => {
                    self.blocks.push(block);
                    self.audience.push(audience);
                    self.spans.push(span);
                }
                Err(first) => {
                    let (first, second) = (self.spans[first.index()].clone(), span);
                    let (first, second) =
                        if first.start <= second.start { (first, second) } else { (second, first) };
                    let line = source.line(first.start);
                    problems.push(duplicate("block", &block.id, line).at(source, second).field("id"));
                }
            }
        }
    }

    pub fn block_ids(&self) -> impl Iterator<Item = BlockId> + use<> {
        ids(self.blocks.len())
    }
}

fn pattern_days(keys: &Keys, known: &Names<DayId>, problems: &mut Problems) -> Vec<DayId> {
    match keys.words("days", problems) {
        None => ids(known.len()).collect(),
        Some(words) => {
            let mut days = Vec::new();
            for (word, span) in words {
                days.extend(keys.checked("days", span, known.resolve(&word), problems).flatten());
            }
            days
        }
    }
}

/// More of something than any school has.
pub fn too_many(what: &str, number: usize, most: usize) -> Problem {
    Problem::error("too-many", format!("{number} {what} are more than any school has"))
        .found(format!("{number} {what}"))
        .expected(format!("at most {most}"))
        .help("take out what is not needed, or divide the school in two")
}

fn needs_day(id: &str, days: usize) -> Problem {
    Problem::error("duplicate-id", format!("block `{id}` runs on {days} days under one id"))
        .found(format!("`{id}` on {days} days"))
        .expected("an id with `{day}` in it, so that each day's block has its own")
        .help(format!("write `id = \"{{day}}-{id}\"`, or give `days` a single day"))
}
