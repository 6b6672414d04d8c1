//! A drawn screen → the same screen in ASCII, for locales that are not UTF-8.
//!
//! Done once for the whole buffer, so nothing else needs to know about it.

use ratatui::buffer::Buffer;

/// Replaces every symbol that is not ASCII by a stand-in of the same width.
pub(crate) fn fold(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let stand_in = stand_in(cell.symbol());
            cell.set_symbol(stand_in);
        }
    }
}

/// Wide symbols become one letter; the cell behind them is empty already.
fn stand_in(symbol: &str) -> &'static str {
    match symbol {
        "▸" => ">",
        "▾" => "v",
        "…" => "~",
        "×" => "x",
        "▼" => "v",
        "▲" => "^",
        "◆" => "*",
        "✂" => "%",
        "↻" => "@",
        "━" => "=",
        "−" | "─" | "—" | "–" => "-",
        "│" => "|",
        "┌" | "┐" | "└" | "┘" => "+",
        "·" => ".",
        "›" | "→" => ">",
        "‹" | "←" => "<",
        "█" | "▉" | "▊" | "▋" => "#",
        "▌" | "▍" | "▎" | "▏" => "=",
        "▁" | "▂" => "_",
        "▃" | "▄" | "▅" => "=",
        "▆" | "▇" => "#",
        "▔" => "^",
        "•" | "●" => "*",
        "Δ" => "d",
        "↓" => "v",
        "↑" => "^",
        "↕" => "|",
        "“" | "”" => "\"",
        _ => "?",
    }
}
