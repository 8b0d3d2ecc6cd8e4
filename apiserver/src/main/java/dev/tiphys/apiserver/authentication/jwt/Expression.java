package dev.tiphys.apiserver.authentication.jwt;

import dev.tiphys.cel.CompileException;
import dev.tiphys.cel.Environment;
import dev.tiphys.cel.Program;
import dev.tiphys.cel.Type;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An expression in CEL over the claims of a token, or over the user that was made of them.
///
/// Two are equal if their texts are.
///
/// @param text as it was written
/// @param program what it was compiled to
record Expression(String text, Program program) {

  /// What the evaluation of one may cost.
  private static final long LIMIT = 1_000_000;

  private static final String NO_TEXTS = "expression must return a string or a list of strings";

  private static final Type TEXTS = Type.list(Type.STRING);

  private static final Environment CLAIMS =
      Environment.of(List.of()).with("claims", Type.map(Type.STRING, Type.DYN));

  private static final Environment USER =
      Environment.of(List.of())
          .with(
              "user",
              Type.object(
                  "kubernetes.UserInfo",
                  Map.of(
                      "username",
                      Type.STRING,
                      "uid",
                      Type.STRING,
                      "groups",
                      TEXTS,
                      "extra",
                      Type.map(Type.STRING, TEXTS))));

  /// One over `claims`.
  static Expression overClaims(String text) throws CompileException {
    return new Expression(text, CLAIMS.compile(text));
  }

  /// One over `user`.
  static Expression overUser(String text) throws CompileException {
    return new Expression(text, USER.compile(text));
  }

  /// What it comes to.
  ///
  /// @throws TokenFault if it comes to nothing
  Object evaluate(Struct variable) throws TokenFault {
    return switch (program.evaluate(_ -> variable, LIMIT)) {
      case Program.Value(Object value, long _) -> value;
      case Program.Failed(var problem, long _) -> throw new TokenFault(problem.getMessage());
      case Program.Stopped(var problem, long _) -> throw new TokenFault(problem.getMessage());
    };
  }

  /// A text, or several, that an expression came to; none for null and for what is empty.
  static List<String> texts(Object value) throws TokenFault {
    if (value == Null.NULL) {
      return List.of();
    }
    if (value instanceof String text) {
      return text.isEmpty() ? List.of() : List.of(text);
    }
    if (value instanceof List<?> list) {
      List<String> texts = new ArrayList<>();
      for (Object each : list) {
        if (!(each instanceof String text)) {
          throw new TokenFault(NO_TEXTS);
        }
        texts.addAll(texts(text));
      }
      return texts;
    }
    throw new TokenFault(NO_TEXTS);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Expression expression && text.equals(expression.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
