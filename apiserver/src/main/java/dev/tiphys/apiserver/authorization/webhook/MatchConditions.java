package dev.tiphys.apiserver.authorization.webhook;

import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.cel.CompileException;
import dev.tiphys.cel.Environment;
import dev.tiphys.cel.Program;
import dev.tiphys.cel.Type;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Expressions over the review of a request, which must all hold for a webhook to be asked.
///
/// Threads: any; immutable.
public final class MatchConditions {

  /// What the evaluation of one expression may cost.
  private static final long LIMIT = 1_000_000;

  private static final Type TEXTS = Type.list(Type.STRING);
  private static final Type SELECTOR =
      Type.object(
          "authorization.k8s.io.Selector",
          Map.of(
              "rawSelector",
              Type.STRING,
              "requirements",
              Type.list(
                  Type.object(
                      "authorization.k8s.io.Requirement",
                      Map.of("key", Type.STRING, "operator", Type.STRING, "values", TEXTS)))));
  private static final List<String> RESOURCE_FIELDS =
      List.of("namespace", "verb", "group", "version", "resource", "subresource", "name");

  private static final Environment ENVIRONMENT =
      Environment.of(List.of()).with("request", request());

  private final List<String> expressions;
  private final List<Program> programs = new ArrayList<>();

  private static Type request() {
    Type resource =
        Type.object(
            "authorization.k8s.io.ResourceAttributes",
            Map.of(
                "namespace", Type.STRING,
                "verb", Type.STRING,
                "group", Type.STRING,
                "version", Type.STRING,
                "resource", Type.STRING,
                "subresource", Type.STRING,
                "name", Type.STRING,
                "fieldSelector", SELECTOR,
                "labelSelector", SELECTOR));
    Type path =
        Type.object(
            "authorization.k8s.io.NonResourceAttributes",
            Map.of("path", Type.STRING, "verb", Type.STRING));
    return Type.object(
        "authorization.k8s.io.SubjectAccessReviewSpec",
        Map.of(
            "resourceAttributes",
            resource,
            "nonResourceAttributes",
            path,
            "user",
            Type.STRING,
            "groups",
            TEXTS,
            "extra",
            Type.map(Type.STRING, TEXTS),
            "uid",
            Type.STRING));
  }

  /// @throws IllegalArgumentException if an expression can't be compiled
  public MatchConditions(List<String> expressions) {
    this.expressions = List.copyOf(expressions);
    for (String expression : expressions) {
      programs.add(compile(expression));
    }
  }

  /// @throws IllegalArgumentException if the expression can't be compiled; the message says why
  public static Program compile(String expression) {
    try {
      Program program = ENVIRONMENT.compile(expression);
      if (program.type() != Type.BOOL) {
        throw new IllegalArgumentException("must evaluate to bool");
      }
      return program;
    } catch (CompileException e) {
      throw new IllegalArgumentException("compilation failed: " + e.getMessage(), e);
    }
  }

  /// Whether a request is the webhook's affair.
  sealed interface Match {
    record Yes() implements Match {}

    record No() implements Match {}

    /// It can't be told.
    record Unknown(String error) implements Match {}
  }

  /// @param spec of the review
  Match of(Struct spec) {
    if (programs.isEmpty()) {
      return new Match.Yes();
    }
    Struct request = complete(spec);
    List<String> errors = new ArrayList<>();
    for (int i = 0; i < programs.size(); i++) {
      String error = "";
      switch (programs.get(i).evaluate(_ -> request, LIMIT)) {
        case Program.Value(Object value, long _) -> {
          if (Boolean.FALSE.equals(value)) {
            return new Match.No();
          }
        }
        case Program.Failed(var problem, long _) -> error = String.valueOf(problem.getMessage());
        case Program.Stopped(var problem, long _) -> error = String.valueOf(problem.getMessage());
      }
      if (!error.isEmpty()) {
        errors.add(
            "cel evaluation error: expression '"
                + expressions.get(i)
                + "' resulted in error: "
                + error);
      }
    }
    return errors.isEmpty() ? new Match.Yes() : new Match.Unknown(Decision.aggregate(errors));
  }

  /// The spec with the texts that a review leaves out where they are empty.
  private static Struct complete(Struct spec) {
    StructBuilder request =
        new StructBuilder()
            .add("user", "")
            .add("uid", "")
            .add("groups", List.of())
            .add("extra", Struct.EMPTY)
            .addAll(spec);
    if (spec.has("resourceAttributes")) {
      StructBuilder resource = new StructBuilder();
      RESOURCE_FIELDS.forEach(field -> resource.add(field, ""));
      request.add("resourceAttributes", resource.addAll(spec.struct("resourceAttributes")).build());
    }
    return request.build();
  }
}
