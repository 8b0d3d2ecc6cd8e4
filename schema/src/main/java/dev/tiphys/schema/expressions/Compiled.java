package dev.tiphys.schema.expressions;

import dev.tiphys.cel.Program;
import dev.tiphys.cel.Type;
import org.jspecify.annotations.Nullable;

/// An expression, and what came of compiling it.
///
/// @param expression as it was written
/// @param program null if it does not compile, or is not of a type that is wanted
/// @param problem why, in upstream's words; empty if it compiles
public record Compiled(String expression, @Nullable Program program, String problem) {

  /// The type of its values; dynamic if it does not compile.
  Type type() {
    return program == null ? Type.DYN : program.type();
  }
}
