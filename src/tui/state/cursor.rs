//! Where the cursors are: the row and the object under them, and what the panes beside them follow.

use std::sync::Arc;

use super::explorer::Explorer;
use super::focus::PaneId;
use crate::tui::subject::{Object, Subject};
use crate::view::tables::objects::Objects;

impl Explorer {
    /// The row under the cursor of the pane with the keys.
    pub(crate) fn current(&mut self) -> Option<Subject> {
        let row = self.focused_pane_mut()?.row()?;
        Some(Subject { table: row.table, row: row.row })
    }

    /// The object under the cursor of the pane with the keys; that of the tree's top where the tree is empty.
    pub(crate) fn current_object(&mut self) -> Option<Object> {
        let id = self.focused();
        self.object_in(id)
    }

    fn object_in(&mut self, id: PaneId) -> Option<Object> {
        let pane = self.pane_mut(id)?;
        match pane.row() {
            Some(row) => row.node().map(|node| Object { heap: row.heap().clone(), node }),
            None => pane.root.map(|node| Object { heap: pane.tree.table().heap().clone(), node }),
        }
    }

    /// The row under the cursor of a pane, where it stands for many objects.
    fn set_in(&mut self, id: PaneId) -> Option<Subject> {
        let row = self.pane_mut(id)?.row()?;
        let is_set = row.node().is_none() && row.table.has_below(row.row);
        is_set.then_some(Subject { table: row.table, row: row.row })
    }

    /// What details are about: the current row, or the object at the top of an empty tree.
    pub(crate) fn current_subject(&mut self) -> Option<Subject> {
        self.current().or_else(|| {
            let Object { heap, node } = self.current_object()?;
            let level = Objects::level(heap, [node]);
            Some(Subject { row: level.rows[0], table: level.table })
        })
    }

    /// Notices where the cursors are; whether one has moved: Retainers and details follow when it rests.
    pub(crate) fn follow_cursor(&mut self) -> bool {
        let object = self.object_in(PaneId::Main(self.view));
        let subject = self.current();
        // The same row of a table that was made anew may say something else.
        let table = |subject: &Option<Subject>| subject.as_ref().map(|subject| Arc::as_ptr(&subject.table).addr());
        let is_told = subject == self.cursor.subject && table(&subject) == table(&self.cursor.subject);
        let set = self.set_in(PaneId::Main(self.view));
        if object == self.cursor.object && set == self.cursor.set && is_told {
            return false;
        }
        self.cursor.subject = subject;
        if object != self.cursor.object || set != self.cursor.set {
            (self.cursor.object, self.cursor.set) = (object, set);
            self.cursor.retainers_stale = true;
        }
        self.cursor.moved = true;
        true
    }
}
