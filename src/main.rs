#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    leerzone::commands::run()
}
