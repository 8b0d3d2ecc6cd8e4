package dev.tiphys.template;

/// What one execution may take, so that no template can hang its executor or fill its memory.
///
/// @param steps how many nodes are walked, values compared, elements made
/// @param bytes how much text may be made: the output, and what functions return on the way to it
public record Limits(long steps, long bytes) {

  /// More than any template of a Secret needs, which has at most 1 MiB.
  public static final Limits USUAL = new Limits(5_000_000, 64 << 20);
}
