//! A picture of the heap → cells: what keeps objects alive stands above them, as wide as all of it is large.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::picture::{AROUND, Drawn, LEGEND, Sheet, head, lines_each};
use crate::tui::theme::{Theme, Ui};
use crate::tui::widgets::canvas::Canvas;
use crate::view::cut::{cut, width};
use crate::view::label::Role;
use crate::view::picture::layout::{Span, icicle};
use crate::view::picture::{HUES, Hue, MARKS, inscribed};
use crate::view::text;

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, explorer: &Explorer) {
    let columns = area.width.saturating_sub(AROUND);
    let left = area.x + 1;
    let Some(drawn) = &explorer.picture.drawn else {
        canvas.buffer.set_stringn(left, area.y, "drawing…", columns as usize, canvas.theme.ui(Ui::Dim));
        return;
    };
    let head = head(drawn.before.is_some());
    let each = lines_each(area, drawn);
    let bottom = area.bottom().saturating_sub(LEGEND);
    let places = drawn.starts(columns).into_iter().zip(drawn.widths(columns));
    for ((start, wide), sheet) in places.zip(drawn.sheets()) {
        let place = Rect { x: left + start, y: area.y, width: wide, height: bottom - area.y };
        if head > 0 {
            let size = text::bytes(sheet.painted.picture.total());
            let room = (columns / 2) as usize;
            canvas.buffer.set_stringn(
                place.x,
                area.y,
                cut(&format!("{size} {}", sheet.title), room),
                room,
                canvas.theme.ui(Ui::Title),
            );
        }
        let is_here = std::ptr::eq(sheet, &drawn.here);
        let current = explorer.picture.current.filter(|_| is_here);
        let place = Rect { y: place.y + head, height: place.height.saturating_sub(head), ..place };
        for span in icicle(&sheet.painted.picture, u32::from(wide)) {
            draw_piece(
                canvas,
                place,
                (sheet, &span),
                &Look { each, is_current: current == Some(span.piece), exact: state.exact },
            );
        }
    }
    draw_legend(canvas, Rect { x: left, y: bottom, width: columns, height: LEGEND }, drawn);
}

/// How a piece is drawn.
struct Look {
    /// Lines of each level.
    each: u16,
    is_current: bool,
    /// Whether sizes are shown in bytes.
    exact: bool,
}

/// A piece with a bar at its left; that of the current object has a mark as well as another style.
fn draw_piece(canvas: &mut Canvas<'_>, area: Rect, (sheet, span): (&Sheet, &Span), look: &Look) {
    let &Look { each, is_current, exact } = look;
    let shown = &sheet.painted.shown[span.piece];
    let heap_size = sheet.heap.total_size().unwrap_or(0);
    let style = match is_current {
        true => canvas.theme.ui(Ui::Selected),
        false => filled(shown.hue, canvas.theme),
    };
    let mut words = inscribed(&sheet.painted, span, heap_size, exact);
    if is_current {
        words = words.replacen('│', "▸", 1);
    }
    let wide = span.width as usize;
    let x = area.x + span.x as u16;
    for line in 0..each {
        let y = area.y + span.level as u16 * each + line;
        if y >= area.bottom() {
            return;
        }
        let text = if line == 0 { words.clone() } else { format!("│{}", " ".repeat(wide - 1)) };
        canvas.buffer.set_stringn(x, y, text, wide, style);
    }
}

/// A colour as background, where there are colours.
fn filled(hue: Hue, theme: &Theme) -> ratatui::style::Style {
    let style = theme.ui(Ui::Of(ROLES[hue % HUES]));
    match style.fg {
        Some(_) => style.add_modifier(Modifier::REVERSED),
        None => style,
    }
}

/// The colours of the rows, which every theme has.
const ROLES: [Role; HUES] = [
    Role::Hidden,
    Role::Object,
    Role::String,
    Role::Function,
    Role::Element,
    Role::Number,
    Role::Detached,
    Role::Symbol,
];

fn draw_legend(canvas: &mut Canvas<'_>, area: Rect, drawn: &Drawn) {
    let mut x = area.x;
    for (hue, word) in &drawn.here.painted.legend {
        let wide = width(word) as u16 + 4;
        if x + wide > area.right() {
            break;
        }
        canvas.buffer.set_stringn(x, area.y, MARKS[*hue], 1, filled(*hue, canvas.theme));
        canvas.buffer.set_stringn(x + 2, area.y, word, wide as usize, canvas.theme.ui(Ui::Dim));
        x += wide;
    }
    let keys = "+ - zoom  t colours  V back";
    let start = area.right().saturating_sub(width(keys) as u16);
    if start > x {
        canvas.buffer.set_stringn(start, area.y, keys, keys.len(), canvas.theme.ui(Ui::Dim));
    }
}
