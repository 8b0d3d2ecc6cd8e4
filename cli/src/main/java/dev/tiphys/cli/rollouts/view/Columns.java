package dev.tiphys.cli.rollouts.view;

import java.util.ArrayList;
import java.util.List;

/// Lines of cells, below each other: a column is as wide as its widest cell, and two spaces.
public final class Columns {

  private static final int GAP = 2;

  private final List<List<Cell>> rows = new ArrayList<>();

  /// Adds a line of plain texts.
  public void add(String... texts) {
    add(List.of(texts).stream().map(Cell::of).toList());
  }

  void add(List<Cell> cells) {
    rows.add(List.copyOf(cells));
  }

  /// The lines, without spaces at their ends.
  public List<String> lines(boolean inColors) {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (List<Cell> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).width());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<Cell> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i).text(inColors));
        line.repeat(' ', widths[i] - row.get(i).width() + GAP);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
