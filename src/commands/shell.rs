//! What a shell and `man` want to know of this program.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;
use serde_json::json;

use crate::shell;

use super::output::{as_text, finish};

/// Writes the completions for a shell to stdout
#[derive(clap::Args)]
pub struct Completions {
    /// bash, elvish, fish, powershell or zsh
    shell: Shell,
}

/// Writes a manual page for each command into a folder
#[derive(clap::Args)]
pub struct Man {
    /// Folder to write into; made if it is not there
    folder: PathBuf,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

pub fn completions(args: &Completions) -> anyhow::Result<ExitCode> {
    // Into memory first, because a closed pipe is no reason for a panic.
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut super::Line::command(), "leerzone", &mut text);
    std::io::Write::write_all(&mut std::io::stdout(), &text)?;
    Ok(ExitCode::SUCCESS)
}

pub fn man(args: &Man) -> anyhow::Result<ExitCode> {
    let folder = &args.folder;
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(super::Line::command(), folder)
    };
    write().with_context(|| format!("cannot write {}", folder.display()))?;
    finish(args.json, &json!({ "folder": as_text(folder) }), || {
        let first = shell::path(&folder.join("leerzone.1"));
        format!("manual pages written to {}; read one with: man {first}", folder.display())
    })
}
