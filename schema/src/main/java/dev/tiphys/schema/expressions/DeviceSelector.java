package dev.tiphys.schema.expressions;

import dev.tiphys.cel.CompileException;
import dev.tiphys.cel.Environment;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Program;
import dev.tiphys.cel.Type;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.custom.Expressions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The expressions that select devices. They speak of `device`: its driver, attributes and
/// capacities, the latter two by domain and name.
///
/// Threads: any; immutable.
public final class DeviceSelector {

  /// What one evaluation may cost.
  public static final long MOST_COST = 1_000_000;

  private static final String VARIABLE = "device";
  private static final String DRIVER = "driver";
  private static final String ATTRIBUTES = "attributes";
  private static final String CAPACITY = "capacity";
  private static final String SHARED = "allowMultipleAllocations";

  private static final int MOST_ENTRIES = 32;
  private static final Type DOMAIN = Type.STRING.atMost(63);
  private static final Type NAME = Type.STRING.atMost(32);
  private static final Type DEVICE =
      Type.object(
          "kubernetes.DRADevice",
          Map.of(
              DRIVER,
              DOMAIN,
              ATTRIBUTES,
              byDomain(Type.DYN.atMost(64)),
              CAPACITY,
              byDomain(Type.opaque("kubernetes.Quantity")),
              SHARED,
              Type.BOOL));
  private static final Environment ENVIRONMENT = Expressions.environment().with(VARIABLE, DEVICE);

  private DeviceSelector() {}

  private static Type byDomain(Type value) {
    return Type.map(DOMAIN, Type.map(NAME, value).atMost(MOST_ENTRIES)).atMost(MOST_ENTRIES);
  }

  public static Compiled compile(String expression) {
    Program program;
    try {
      program = ENVIRONMENT.compile(expression);
    } catch (CompileException e) {
      return new Compiled(expression, null, e.stage() + " failed: " + e.getMessage());
    }
    if (!program.type().equals(Type.BOOL) && !program.type().isDyn()) {
      return new Compiled(
          expression, null, "must evaluate to bool or the unknown type, not " + program.type());
    }
    return new Compiled(expression, program, "");
  }

  /// A device as expressions see it: good for any number of evaluations, one after the other.
  ///
  /// @param device an element of a ResourceSlice's `spec.devices`
  /// @throws EvaluationException if an attribute has no value that expressions know
  public static Object device(String driver, Struct device) {
    Object attributes = byDomain(driver, device.struct(ATTRIBUTES), DeviceSelector::attribute);
    Object capacity =
        byDomain(
            driver, device.struct(CAPACITY), (_, amount) -> Quantity.from(amount.get("value")));
    return Environment.lazily(
        DEVICE,
        List.of(DRIVER, ATTRIBUTES, CAPACITY, SHARED),
        field ->
            switch (field) {
              case DRIVER -> driver;
              case ATTRIBUTES -> attributes;
              case CAPACITY -> capacity;
              default -> device.bool(SHARED);
            });
  }

  @FunctionalInterface
  private interface Reader {
    Object read(String name, Struct value);
  }

  /// What has no domain of its own has the driver's. A domain that there is not has nothing in it.
  private static Object byDomain(String driver, Struct values, Reader reader) {
    Map<String, Map<String, Object>> domains = new HashMap<>();
    for (String name : values.names()) {
      int slash = name.indexOf('/');
      domains
          .computeIfAbsent(slash < 0 ? driver : name.substring(0, slash), _ -> new HashMap<>())
          .put(name.substring(slash + 1), reader.read(name, values.struct(name)));
    }
    Map<String, Object> all = new HashMap<>();
    domains.forEach((domain, own) -> all.put(domain, Environment.map(own, null)));
    return Environment.map(all, Environment.map(Map.of(), null));
  }

  private static Object attribute(String name, Struct attribute) {
    for (String kind : List.of("int", "bool", "string")) {
      Object value = attribute.get(kind);
      if (value != null) {
        return value;
      }
    }
    if (!attribute.has("version")) {
      throw new EvaluationException("attribute " + name + ": unsupported attribute value");
    }
    try {
      return Environment.version(attribute.string("version"));
    } catch (EvaluationException e) {
      throw new EvaluationException(
          "attribute " + name + ": parse semantic version: " + e.getMessage());
    }
  }

  /// Whether a device suits.
  ///
  /// @param device as [#device] has made it
  /// @throws EvaluationException if that can't be told; the message is upstream's
  public static boolean matches(Program program, Object device) {
    return switch (program.evaluate(name -> variable(name, device), MOST_COST)) {
      case Program.Value(Boolean truth, _) -> truth;
      case Program.Value _ ->
          throw new EvaluationException(
              "CEL result could not be converted to bool: type conversion error");
      case Program.Failed(EvaluationException problem, _) ->
          throw new EvaluationException(advised(String.valueOf(problem.getMessage())));
      case Program.Stopped(var problem, _) ->
          throw new EvaluationException(String.valueOf(problem.getMessage()));
    };
  }

  private static @Nullable Object variable(String name, Object device) {
    return name.equals(VARIABLE) ? device : null;
  }

  private static String advised(String problem) {
    return problem.startsWith("no such key:")
        ? problem
            + ". Consider using CEL optional chaining (?), has() macro, or orValue() for optional"
            + " fields"
        : problem;
  }
}
