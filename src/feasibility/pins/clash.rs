//! What makes a pin impossible, for the message.

/// A pin's obstacle: the column to look at, the rule, what is found, how to mend it.
pub struct Clash {
    pub column: &'static str,
    pub rule: &'static str,
    pub message: String,
    pub found: String,
    pub help: &'static str,
}

impl Clash {
    pub fn new(
        column: &'static str,
        rule: &'static str,
        message: String,
        found: String,
        help: &'static str,
    ) -> Self {
        Self { column, rule, message, found, help }
    }
}
