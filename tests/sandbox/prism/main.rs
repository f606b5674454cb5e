//! The sandbox over real HTTP: Prism, the pages, the controls, the bounds.

#![cfg(test)]

mod apps;
mod bounds;
mod controls;
mod denials;
mod faults;
mod lifetimes;
mod mutations;
mod pages;
mod scenarios;
mod world;
