//! A picture of the heap → cells: what keeps objects alive stands above them, as wide as all of it is large.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::picture::{AROUND, Drawn, LEGEND, Sheet, head, lines_each};
use crate::tui::theme::{Theme, Ui};
use crate::view::cut::{cut, width};
use crate::view::label::Role;
use crate::view::picture::layout::{Span, icicle};
use crate::view::picture::{HUES, Hue, MARKS, inscribed};
use crate::view::text;

pub(crate) fn draw(buffer: &mut Buffer, area: Rect, state: &State, explorer: &Explorer, theme: &Theme) {
    let columns = area.width.saturating_sub(AROUND);
    let left = area.x + 1;
    let Some(drawn) = &explorer.picture.drawn else {
        buffer.set_stringn(left, area.y, "drawing…", columns as usize, theme.ui(Ui::Dim));
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
            buffer.set_stringn(
                place.x,
                area.y,
                cut(&format!("{size} {}", sheet.title), room),
                room,
                theme.ui(Ui::Title),
            );
        }
        let is_here = std::ptr::eq(sheet, &drawn.here);
        let current = explorer.picture.current.filter(|_| is_here);
        let place = Rect { y: place.y + head, height: place.height.saturating_sub(head), ..place };
        for span in icicle(&sheet.painted.picture, u32::from(wide)) {
            draw_piece(buffer, place, each, sheet, &span, (current == Some(span.piece), state.exact), theme);
        }
    }
    draw_legend(buffer, Rect { x: left, y: bottom, width: columns, height: LEGEND }, drawn, theme);
}

/// A piece with a bar at its left; that of the current object has a mark as well as another style.
fn draw_piece(
    buffer: &mut Buffer,
    area: Rect,
    each: u16,
    sheet: &Sheet,
    span: &Span,
    (is_current, exact): (bool, bool),
    theme: &Theme,
) {
    let shown = &sheet.painted.shown[span.piece];
    let heap_size = sheet.heap.total_size().unwrap_or(0);
    let style = match is_current {
        true => theme.ui(Ui::Selected),
        false => filled(shown.hue, theme),
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
        buffer.set_stringn(x, y, text, wide, style);
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

fn draw_legend(buffer: &mut Buffer, area: Rect, drawn: &Drawn, theme: &Theme) {
    let mut x = area.x;
    for (hue, word) in &drawn.here.painted.legend {
        let wide = width(word) as u16 + 4;
        if x + wide > area.right() {
            break;
        }
        buffer.set_stringn(x, area.y, MARKS[*hue], 1, filled(*hue, theme));
        buffer.set_stringn(x + 2, area.y, word, wide as usize, theme.ui(Ui::Dim));
        x += wide;
    }
    let keys = "+ - zoom  t colours  V back";
    let start = area.right().saturating_sub(width(keys) as u16);
    if start > x {
        buffer.set_stringn(start, area.y, keys, keys.len(), theme.ui(Ui::Dim));
    }
}
