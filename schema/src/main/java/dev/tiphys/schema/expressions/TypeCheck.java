package dev.tiphys.schema.expressions;

import dev.tiphys.cel.Type;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks for what the expressions of a validating policy name and the kinds that it is about do not
/// have. A policy does what it does whatever is found: the expressions may be right about other
/// kinds.
public final class TypeCheck {

  private TypeCheck() {}

  /// A kind that a policy is about.
  ///
  /// @param type of its objects
  public record Kind(GroupVersion version, String kind, Type type) {

    /// As upstream names it.
    @Override
    public String toString() {
      return version.group() + "/" + version.version() + ", Kind=" + kind;
    }
  }

  /// What is wrong with an expression.
  ///
  /// @param field the path to it
  /// @param text what is wrong for which kinds, in upstream's words
  public record Warning(String field, String text) {}

  /// @param spec of the policy
  /// @param kinds that it is about, in the order in which they are told
  /// @param params the type of what it is set with; null if that is not known
  public static List<Warning> of(Struct spec, List<Kind> kinds, @Nullable Type params) {
    Type known = params == null ? Type.DYN : params;
    List<AdmissionCompiler> compilers =
        kinds.stream().map(kind -> AdmissionCompiler.typed(spec, kind.type, known)).toList();
    List<Warning> warnings = new ArrayList<>();
    int index = 0;
    for (Struct validation : spec.structs("validations")) {
      String path = "spec.validations[" + index++ + "].";
      for (String field : new String[] {"expression", "messageExpression"}) {
        String text = problems(validation.string(field), kinds, compilers);
        if (!text.isEmpty()) {
          warnings.add(new Warning(path + field, text));
        }
      }
    }
    return warnings;
  }

  private static String problems(
      String expression, List<Kind> kinds, List<AdmissionCompiler> compilers) {
    List<String> problems = new ArrayList<>();
    if (!expression.isEmpty()) {
      for (int i = 0; i < kinds.size(); i++) {
        String problem = compilers.get(i).typeProblem(expression);
        if (!problem.isEmpty()) {
          problems.add(kinds.get(i) + ": " + problem + "\n");
        }
      }
    }
    return String.join("\n", problems);
  }
}
