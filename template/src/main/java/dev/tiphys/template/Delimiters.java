package dev.tiphys.template;

/// What actions stand between. Empty ones stand for `{{` and `}}`.
public record Delimiters(String left, String right) {

  public static final Delimiters BRACES = new Delimiters("{{", "}}");

  public Delimiters {
    left = left.isEmpty() ? "{{" : left;
    right = right.isEmpty() ? "}}" : right;
  }
}
