//! Sets of one holder: of each group the one that says most.

use std::cmp::{Ordering, Reverse};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::rank::{Rank, Ranks};
use super::{Candidate, Kind, LEAST_PINNED, MOST_SUSPECTS, PINNED};
use crate::analysis::merged;
use crate::base::ids::NodeIx;
use crate::error::Result;

/// Who holds, and by which reference.
type Holder = (NodeIx, merged::Reference);

/// Sets by their one holder; those whose holder stands on the way to another's are put together.
pub(super) fn of(candidates: Vec<Candidate>) -> Vec<Vec<Candidate>> {
    joined(by_holder(candidates))
}

/// Of each group the set that says most, where it stands out; `settle` looks closer at what is in a group that may lead to
/// a suspect.
pub(super) fn leads(
    groups: Vec<Vec<Candidate>>,
    total: u64,
    ranks: &Ranks<'_>,
    settle: impl Fn(Vec<Candidate>) -> Result<Vec<Candidate>> + Sync,
) -> Result<Vec<Candidate>> {
    let mut groups: Vec<Group> = groups.into_iter().filter_map(|group| Group::of(group, ranks)).collect();
    groups.retain(|group| group.lead.stands_out(total, ranks));
    groups.sort_by(|one, other| by_strength(&one.lead, &other.lead));
    groups.truncate(MOST_SUSPECTS);
    let settled = groups.into_par_iter().with_max_len(1).map(|group| settle(group.into_all()));
    let settled: Vec<Vec<Candidate>> = settled.collect::<Result<_>>()?;
    let leads = |groups: Vec<Vec<Candidate>>| -> Vec<Candidate> {
        groups.into_iter().filter_map(|group| Some(Group::of(group, ranks)?.lead)).collect()
    };
    // A closer look may have found another holder.
    let again = by_holder(leads(settled)).into_iter().map(|(_, group)| group).collect();
    let mut leads = leads(again);
    leads.retain(|lead| lead.stands_out(total, ranks));
    Ok(leads)
}

/// A group in which neither what leads it nor what it is measured by is drawn from a sample.
pub(super) fn settled(
    mut group: Vec<Candidate>,
    ranks: &Ranks<'_>,
    in_full: impl Fn(Candidate) -> Result<Option<Candidate>>,
) -> Result<Vec<Candidate>> {
    while let Some(chosen) = choose(&group, ranks) {
        let decides = [chosen.at, chosen.largest];
        let Some(at) = decides.into_iter().find(|&at| group[at].sampled.is_some()) else { break };
        let candidate = group.swap_remove(at);
        group.extend(in_full(candidate)?);
    }
    Ok(group)
}

/// The strongest first, and no more than anybody reads.
pub(super) fn strongest(mut leads: Vec<Candidate>) -> Vec<Candidate> {
    leads.sort_by(by_strength);
    leads.truncate(MOST_SUSPECTS);
    leads
}

fn by_strength(one: &Candidate, other: &Candidate) -> Ordering {
    let order = other.tier().cmp(&one.tier()).then(other.weight().cmp(&one.weight()));
    order.then(one.class.cmp(&other.class)).then(one.chain.holder().cmp(&other.chain.holder()))
}

/// What says most of a group, and the rest of it.
struct Group {
    lead: Candidate,
    /// What the lead was before that.
    kind: Kind,
    others: Vec<Candidate>,
}

impl Group {
    fn of(mut others: Vec<Candidate>, ranks: &Ranks<'_>) -> Option<Group> {
        let chosen = choose(&others, ranks)?;
        let mut lead = others.swap_remove(chosen.at);
        let kind = lead.kind;
        if chosen.is_pinned {
            lead.kind = Kind::Pinned;
        }
        Some(Group { lead, kind, others })
    }

    fn into_all(self) -> Vec<Candidate> {
        let Group { lead, kind, mut others } = self;
        others.push(Candidate { kind, ..lead });
        others
    }
}

fn by_holder(candidates: Vec<Candidate>) -> Vec<(Holder, Vec<Candidate>)> {
    let mut groups: FxHashMap<Holder, Vec<Candidate>> = FxHashMap::default();
    for candidate in candidates {
        if let Some(holder) = candidate.chain.holder() {
            groups.entry(holder).or_default().push(candidate);
        }
    }
    let mut groups: Vec<(Holder, Vec<Candidate>)> = groups.into_iter().collect();
    groups.sort_by_key(|&(holder, _)| holder);
    groups
}

/// The groups, those put together of which one's holder stands on the way to the other's.
fn joined(groups: Vec<(Holder, Vec<Candidate>)>) -> Vec<Vec<Candidate>> {
    let mut passed: FxHashMap<NodeIx, usize> = FxHashMap::default();
    for (at, (_, group)) in groups.iter().enumerate() {
        for candidate in group {
            let neck = candidate.chain.neck.unwrap_or(0);
            let single = candidate.chain.holds[..neck].iter().filter(|hold| hold.get().holders.len() == 1);
            passed.extend(single.map(|hold| (hold.get().holders[0], at)));
        }
    }
    let mut joined: Vec<Vec<Candidate>> = groups.iter().map(|_| Vec::new()).collect();
    for (at, ((holder, _), group)) in groups.into_iter().enumerate() {
        let to = passed.get(&holder).copied().unwrap_or(at);
        joined[to].extend(group);
    }
    joined.retain(|group| !group.is_empty());
    joined
}

/// What is chosen of a group, by its places.
struct Chosen {
    at: usize,
    /// What the others are measured by.
    largest: usize,
    is_pinned: bool,
}

/// Of all that one holder keeps, the set that says most: one of the program's own classes, the outermost, unless these
/// only carry something large that is all the memory.
fn choose(group: &[Candidate], ranks: &Ranks<'_>) -> Option<Chosen> {
    let largest = (0..group.len()).max_by_key(|&at| group[at].retained)?;
    let most = group[largest].retained;
    let waits = |candidate: &Candidate| matches!(candidate.kind, Kind::Callbacks | Kind::Timers | Kind::Pending);
    // What waits to be called may be small beside the machinery that waits with it: one of the program's own says what.
    // So do functions themselves.
    let may_wait =
        |each: &&Candidate| each.retained >= most / 2 && (waits(each) || ranks.are_one_function(&each.objects));
    let waiting = group.iter().filter(may_wait).map(|each| each.count).max();
    let says_what = |each: &Candidate| {
        waits(each) && ranks.get(each.class) == Rank::Own && waiting.is_some_and(|most| each.count * 5 >= most * 2)
    };
    let mut kept: Vec<usize> = (0..group.len()).collect();
    kept.retain(|&at| group[at].retained >= most / 2 || says_what(&group[at]));
    kept.sort_by_key(|&at| {
        let Candidate { class, chain, retained, .. } = &group[at];
        // A socket says no less than an array.
        let rank = ranks.get(*class);
        let rank = if rank == Rank::Runtime { Rank::BuiltIn } else { rank };
        (Reverse((waits(&group[at]), rank)), chain.neck, Reverse(*retained), *class)
    });
    let is_pinned = |candidate: &Candidate| {
        let each = candidate.retained / candidate.count.max(1);
        ranks.is_payload(candidate.class) && each >= LEAST_PINNED && candidate.retained >= most / 100 * PINNED
    };
    let &first = kept.first()?;
    let pinned = kept.iter().copied().find(|&at| is_pinned(&group[at]));
    // Alone, only a piece of a text says that there was more than is used: a buffer may be wanted as a whole.
    let pinned = pinned.filter(|&at| ranks.tells(group[first].class) || ranks.is_piece(group[at].class));
    Some(Chosen { at: pinned.unwrap_or(first), largest, is_pinned: pinned.is_some() })
}
