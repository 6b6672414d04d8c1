//! What a view is: what it needs, how it is made, why it is empty, the command that prints it.

use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::tui::message::{self, Made, Outcome, Task};
use crate::tui::state::State;
use crate::tui::state::change::Work;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::Pane;
use crate::tui::state::pane::TreePane;
use crate::tui::view::View;
use crate::view::spec::{Sort, Spec};
use crate::view::table::{Inner, Level};

/// One view, in a file of its own.
pub(crate) trait Entry: Sync {
    fn view(&self) -> View;

    /// The columns that its table can have, in whichever form: settings name them, orders that are remembered stand in
    /// them. None without a table.
    fn columns(&self) -> Vec<&'static Spec>;

    /// Those that it has now, before there are rows and as long as there are.
    fn columns_now(&self, _explorer: &Explorer) -> Vec<&'static Spec> {
        self.columns()
    }

    /// Whether `/` filters its outermost rows; else it finds among those that are open.
    fn is_filtered(&self) -> bool {
        true
    }

    /// Whether it has rows.
    fn has_rows(&self) -> bool {
        true
    }

    /// Whether the parts of a timeline are chosen in it.
    fn has_timeline(&self) -> bool {
        false
    }

    /// Whether a picture of the heap stands above its rows.
    fn has_picture(&self) -> bool {
        false
    }

    /// Whether what speaks for the row under the cursor stands below its rows.
    fn has_evidence(&self) -> bool {
        false
    }

    /// What must be known of the heap before it can be made.
    fn needs(&self) -> Needs;

    /// How it is made, once what it needs is there; nothing where it has to wait for something else.
    fn make(&self, state: &State, explorer: &Explorer, opening: Opening) -> Option<Making>;

    /// Whether it can show the tree of any object.
    fn is_tree(&self) -> bool {
        false
    }

    /// What is said when its rows turn to each of the forms that they can have, that in which it opens first; nothing
    /// where there is only that.
    fn forms(&self) -> &'static [&'static str] {
        &[]
    }

    /// Why the rows of this snapshot have no other form.
    fn why_not_turned(&self, _explorer: &Explorer) -> Option<&'static str> {
        None
    }

    /// Whether its rows are the classes of the scope.
    fn shows_scope(&self, _explorer: &Explorer) -> bool {
        false
    }

    /// Whether it has only the program's own objects or functions while these alone count.
    fn follows_own(&self, _explorer: &Explorer) -> bool {
        false
    }

    /// Whether what it shows is limited now.
    fn is_limited(&self, explorer: &Explorer) -> bool {
        explorer.scope().is_some() && self.shows_scope(explorer) || explorer.is_own() && self.follows_own(explorer)
    }

    /// The line at the end of the list of scopes (`f`) that leads there, where it has one.
    fn beside_scopes(&self) -> Option<&'static str> {
        None
    }

    /// Why there are no rows although all is there.
    fn why_empty(&self, state: &State, explorer: &Explorer) -> String;

    /// What there is to say as long as what it needs is not there.
    fn why_waiting(&self, state: &State, explorer: &Explorer) -> String;

    /// The line above what has no rows.
    fn title(&self) -> &'static str {
        ""
    }

    /// The left of the line above the table, as long as nothing is filtered: the whole, and what is left of it before
    /// the way to the cursor's row.
    fn context(&self, state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2];

    /// The command that prints it.
    fn command_line(&self, line: &CommandParts<'_>) -> String;
}

/// What must be known of a heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// The first table.
    Classes,
    /// The dominator tree and retained sizes.
    RetainedSizes,
    /// Everything.
    All,
}

impl Needs {
    pub(crate) fn are_met(self, explorer: &Explorer) -> bool {
        match self {
            Needs::Classes => true,
            Needs::RetainedSizes => explorer.heap.has_retained_sizes() && explorer.heap.dominators().is_some(),
            Needs::All => explorer.heap.is_complete(),
        }
    }
}

/// What it takes to make what a view shows.
pub(crate) struct Making {
    /// What is done meanwhile, for the title.
    pub(crate) text: &'static str,
    work: Box<Make>,
}

type Make = dyn FnOnce(Inner, &Meter) -> Result<Option<Made>> + Send;

/// What stands at the top of a tree, its order, and what to do with it at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opening {
    pub(crate) root: Option<NodeIx>,
    /// That in which the table opens where there is none.
    pub(crate) sort: Option<Sort>,
    pub(crate) then: Option<Work>,
}

impl Making {
    /// Something other than a table.
    pub(crate) fn pane(
        text: &'static str,
        work: impl FnOnce(&Meter) -> Result<Option<Pane>> + Send + 'static,
    ) -> Making {
        let made = |pane| Made { pane, warning: None, revealed: None };
        Making { text, work: Box::new(move |_, meter| Ok(work(meter)?.map(made))) }
    }

    /// A table, with what is to be said of it.
    pub(crate) fn warning(
        text: &'static str,
        opening: Opening,
        work: impl FnOnce(Inner, &Meter) -> Result<Option<(Level, Option<String>)>> + Send + 'static,
    ) -> Making {
        let work = move |inner, meter: &Meter| {
            let Some((level, warning)) = work(inner, meter)? else { return Ok(None) };
            let Opening { root, sort, then } = opening;
            let sort = sort.unwrap_or(level.table.facts().sort);
            let mut pane = TreePane::new(level, root, sort, meter)?;
            pane.tree = pane.tree.with_inner(inner);
            let revealed = message::perform(&mut pane, then, meter)?;
            Ok(Some(Made { pane: Pane::Tree(Box::new(pane)), warning, revealed }))
        };
        Making { text, work: Box::new(work) }
    }

    /// A table.
    pub(crate) fn table(
        text: &'static str,
        opening: Opening,
        work: impl FnOnce(Inner, &Meter) -> Result<Level> + Send + 'static,
    ) -> Making {
        Making::warning(text, opening, move |inner, meter| Ok(Some((work(inner, meter)?, None))))
    }

    /// The task that does it; `inner` stands below objects.
    pub(crate) fn task(self, view: View, inner: Inner) -> Task {
        Task::new(move |meter| Ok(Outcome::Made { view, made: (self.work)(inner, meter)? }))
    }
}

/// What a command line is made from.
pub(crate) struct CommandParts<'a> {
    pub(crate) explorer: &'a Explorer,
    /// The file that is shown, and the one it is compared with, quoted for a shell.
    pub(crate) file: &'a str,
    pub(crate) base: &'a str,
    /// All files up to the one that is shown.
    pub(crate) series: &'a str,
    /// The object at the top of the tree and the levels that are open: ` @7 --depth 3`.
    pub(crate) below: &'a str,
    /// ` --own` where only the program's own objects count.
    pub(crate) own: &'a str,
    /// The words for a scope and a filter of classes: ` --class Map`.
    pub(crate) limits: &'a str,
}

/// `3 classes`.
pub(crate) fn row_count(pane: &TreePane) -> String {
    let count = pane.tree.roots().len() as u64;
    format!("{} {}", crate::view::text::count(count), pane.tree.table().facts().row_word(count))
}
