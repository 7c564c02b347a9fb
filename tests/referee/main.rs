//! The referee (`leerzone verify`): every rule, broken by hand in a correct schedule, is named with its rows.

mod case;

mod mutated_examples;
mod mutations;
mod verify;
