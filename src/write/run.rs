//! What a run was made from.

use serde_json::Value;

/// What `summary.json` says about the run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Of all input files, in hexadecimal.
    pub input_hash: String,
    /// Name and version of the engine.
    pub engine: String,
    /// The options that bear on the result, by name.
    pub options: Value,
    /// Under what the school was changed in memory; `None`: it is as its folder says.
    pub scenario: Option<String>,
}
