package dev.tiphys.cel.syntax;

/// One thing that is wrong with an expression.
///
/// @param position where, in code points
public record Problem(int position, String text) {}
