package dev.tiphys.template.parse;

import java.util.Map;

/// A text and the templates that it defines, its own among them.
///
/// @param name of the text
public record Parsed(String name, String text, Map<String, Node.Sequence> templates) {

  /// Where a node stands, as `name:line:column`.
  public String location(Node node) {
    int lastBreak = text.lastIndexOf('\n', node.at() - 1);
    int lineStart = node.at() == 0 ? -1 : lastBreak;
    long lines = text.substring(0, node.at()).chars().filter(c -> c == '\n').count();
    return name + ":" + (lines + 1) + ":" + (node.at() - (lineStart + 1));
  }
}
