package dev.tiphys.schema.expressions;

import dev.tiphys.cel.CompileException;
import dev.tiphys.cel.Environment;
import dev.tiphys.cel.Program;
import dev.tiphys.cel.Type;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.custom.Expressions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Compiles the expressions of a webhook or an admission policy.
///
/// | Variable | What it is |
/// |---|---|
/// | `object`, `oldObject` | the object as it is to be, and as it was; null if there is none |
/// | `request` | what is asked for |
/// | `namespaceObject` | the namespace of the object; null if it has none |
/// | `params` | what a policy is set with, if it says of which kind that is |
/// | `variables` | the values of expressions that a policy gives names to |
/// | `authorizer`, `authorizer.requestResource` | what users may do |
///
/// Threads: any; immutable.
public final class AdmissionCompiler {

  /// Where the values of named expressions are.
  public static final String VARIABLES = "variables";

  public static final String AUTHORIZER = "authorizer";
  public static final String REQUEST_RESOURCE = "authorizer.requestResource";

  private static final Environment BASE =
      Expressions.environment()
          .with(AuthorizerLibrary.functions())
          .with("object", Type.DYN)
          .with("oldObject", Type.DYN)
          .with("namespaceObject", AdmissionTypes.NAMESPACE)
          .with("request", AdmissionTypes.REQUEST);
  private static final Environment ASKING =
      BASE.with(AUTHORIZER, AuthorizerLibrary.AUTHORIZER)
          .with(REQUEST_RESOURCE, AuthorizerLibrary.RESOURCE_CHECK);

  private final Environment asking;
  private final Environment plain;
  private final Environment patching;
  private final Map<String, Compiled> variables;
  private final Type variablesType;

  private AdmissionCompiler(
      Environment plain, Environment asking, Map<String, Compiled> variables, Type variablesType) {
    this.plain = plain;
    this.asking = asking;
    this.patching = asking.with(PatchLibrary.functions());
    this.variables = variables;
    this.variablesType = variablesType;
  }

  /// For the conditions of webhooks.
  public static AdmissionCompiler ofWebhooks() {
    return Webhooks.COMPILER;
  }

  /// Made when the first webhook has a condition.
  private static final class Webhooks {
    private static final AdmissionCompiler COMPILER =
        new AdmissionCompiler(BASE, ASKING, Map.of(), Type.DYN);
  }

  /// For what a policy says.
  ///
  /// @param spec its `spec`
  public static AdmissionCompiler ofPolicy(Struct spec) {
    return spec.has("paramKind")
        ? of(spec, BASE.with("params", Type.DYN), ASKING.with("params", Type.DYN))
        : of(spec, BASE, ASKING);
  }

  /// For what a policy says, as if it were about objects of one type only.
  ///
  /// @param object the type of the objects
  /// @param params the type of what the policy is set with
  static AdmissionCompiler typed(Struct spec, Type object, Type params) {
    Environment asking = ASKING.with("object", object).with("oldObject", object);
    if (spec.has("paramKind")) {
      asking = asking.with("params", params);
    }
    return of(spec, asking, asking);
  }

  private static AdmissionCompiler of(Struct spec, Environment plain, Environment asking) {
    Map<String, Compiled> variables = new LinkedHashMap<>();
    Map<String, Type> types = new LinkedHashMap<>();
    for (Struct variable : spec.structs(VARIABLES)) {
      Environment before = asking.with(VARIABLES, type(types));
      Compiled compiled = compile(before, variable.string("expression"), List.of());
      variables.put(variable.string("name"), compiled);
      types.put(variable.string("name"), compiled.type());
    }
    Type all = type(types);
    return new AdmissionCompiler(
        plain.with(VARIABLES, all), asking.with(VARIABLES, all), variables, all);
  }

  private static Type type(Map<String, Type> fields) {
    return Type.object("kubernetes.variables", Map.copyOf(fields));
  }

  /// The named expressions of the policy, in their order. Each may use those before it.
  public Map<String, Compiled> variables() {
    return variables;
  }

  /// The named expression of that name.
  public Compiled variable(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }

  /// The type of what holds the values of named expressions.
  public Type variablesType() {
    return variablesType;
  }

  /// A condition: whether a request is meant, or an object is sound.
  public Compiled condition(String expression) {
    return compile(asking, expression, List.of(Type.BOOL));
  }

  /// What tells why an object is refused. It can't ask what users may do.
  public Compiled message(String expression) {
    return compile(plain, expression, List.of(Type.STRING));
  }

  /// The value of an annotation in the audit log: null if there is to be none.
  public Compiled annotation(String expression) {
    return compile(asking, expression, List.of(Type.STRING, Type.NULL));
  }

  /// What is to be applied to an object.
  public Compiled application(String expression) {
    return compile(patching, expression, List.of(PatchLibrary.OBJECT));
  }

  /// The operations of a JSON patch.
  public Compiled patch(String expression) {
    return compile(patching, expression, List.of(Type.list(PatchLibrary.PATCH)));
  }

  /// What an expression names that is not there, or compares that can't be; empty if all is well.
  String typeProblem(String expression) {
    try {
      asking.compile(expression);
      return "";
    } catch (CompileException e) {
      return switch (e.stage()) {
        case COMPILATION -> String.valueOf(e.getMessage());
        case INSTANTIATION -> ""; // which types have no part in
      };
    }
  }

  /// @param wanted the types that it may be of; empty for any
  private static Compiled compile(Environment environment, String expression, List<Type> wanted) {
    Program program;
    try {
      program = environment.compile(expression);
    } catch (CompileException e) {
      return new Compiled(expression, null, e.stage() + " failed: " + e.getMessage());
    }
    if (wanted.isEmpty() || wanted.contains(program.type())) {
      return new Compiled(expression, program, "");
    }
    String types = wanted.size() == 1 ? wanted.getFirst().toString() : "one of " + listed(wanted);
    return new Compiled(
        expression, null, "must evaluate to " + types + " but got " + program.type());
  }

  private static String listed(List<Type> types) {
    return "[" + String.join(" ", types.stream().map(Type::name).toList()) + "]";
  }
}
