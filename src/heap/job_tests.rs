//! What a load tells, whatever the order in which its threads reach things.

use super::*;
use crate::testing;

/// What is told while the products of each of these become there, one after the other.
fn told(wants: Wants, reached: &[Wants]) -> Vec<&'static str> {
    let heap = testing::demo();
    let mut told = Vec::new();
    let mut tell = |event| {
        told.push(match event {
            Event::Ready(_) => "ready",
            Event::Progress => "progress",
            Event::Complete | Event::Failed(_) => "end",
        });
    };
    let mut steps = Steps::new(wants, &mut tell);
    let mut there = Wants::NONE;
    for &more in reached {
        there = there.and(more);
        steps.reach(&heap, there);
    }
    told
}

#[test]
fn each_step_is_told_once_and_none_before_the_first_table() {
    let [distances, sizes] = PROGRESS;
    let all = Wants::ALL;
    assert_eq!(told(all, &[Wants::SUMMARY, distances, sizes, all]), ["ready", "progress", "progress"]);
    assert_eq!(told(all, &[Wants::SUMMARY, sizes, distances]), ["ready", "progress", "progress"]);
    assert_eq!(told(all, &[Wants::SUMMARY, distances.and(sizes)]), ["ready", "progress", "progress"]);
    assert_eq!(told(all, &[distances, Wants::SUMMARY, sizes]), ["ready", "progress"]);
    assert_eq!(told(all, &[distances, sizes, Wants::SUMMARY, all]), ["ready"]);
    assert_eq!(told(Wants::SIZES, &[Wants::SIZES]), ["ready"]);
    assert_eq!(told(all, &[distances, sizes]), Vec::<&str>::new());
}
