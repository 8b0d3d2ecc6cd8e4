package dev.tiphys.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.cel.eval.Values;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Tables of expressions: what each comes to, or why it has no value.
///
/// A line is `expression => expression of the same value`, or `expression !> problem`. In the
/// tables of costs a line is `expression => least..most, actual`.
class ExpressionsTest {

  private static final List<NamedFormat> FORMATS =
      List.of(
          new NamedFormat(
              "short", 10, text -> text.length() > 3 ? List.of("must be short") : List.of()));

  static final Struct SELF =
      Json.struct(
          """
          {"name": "web", "replicas": 3, "ratio": 2, "on": true, "none": null,
           "tags": ["a", "b"], "set": ["x", "y"], "limits": {"cpu": 5, "a.b": 7},
           "ports": [{"name": "http", "port": 80}, {"name": "admin", "port": 8080}],
           "either": "50%", "loose": {"deep": [1, 2.5, "x"]}, "since": "2026-01-31T09:00:00Z",
           "day": "2026-01-31", "span": "1h30m", "data": "aGk=", "a-b": 1}\
          """);

  private static final Type PORT =
      Type.object("self.ports.item", Map.of("name", Type.STRING.atMost(40), "port", Type.INT));

  private static final Type SELF_TYPE =
      Type.object(
          "self",
          new Type.Fields() {
            private final Map<String, Type> types =
                Map.ofEntries(
                    Map.entry("name", Type.STRING.atMost(40)),
                    Map.entry("replicas", Type.INT),
                    Map.entry("ratio", Type.DOUBLE),
                    Map.entry("on", Type.BOOL),
                    Map.entry("none", Type.STRING.atMost(10)),
                    Map.entry("absent", Type.STRING.atMost(10)),
                    Map.entry("tags", Type.list(Type.STRING.atMost(8)).atMost(10)),
                    Map.entry(
                        "set",
                        Type.list(Type.STRING.atMost(8))
                            .atMost(10)
                            .correlatedBy(new Type.Correlation(List.of()))),
                    Map.entry("limits", Type.map(Type.STRING.atMost(8), Type.INT).atMost(5)),
                    Map.entry(
                        "ports",
                        Type.list(PORT)
                            .atMost(20)
                            .correlatedBy(new Type.Correlation(List.of("name")))),
                    Map.entry("either", Type.DYN.atMost(20)),
                    Map.entry("loose", Type.DYN),
                    Map.entry("since", Type.TIMESTAMP),
                    Map.entry("day", Type.TIMESTAMP),
                    Map.entry("span", Type.DURATION),
                    Map.entry("data", Type.BYTES.atMost(12)),
                    Map.entry("a__dash__b", Type.INT));

            @Override
            public Type type(String name) {
              return types.get(name);
            }

            @Override
            public String inTree(String name) {
              return name.equals("a__dash__b") ? "a-b" : name;
            }
          });

  static final Environment ENVIRONMENT = Environment.of(FORMATS).with("self", SELF_TYPE);

  private static List<String> lines(String table) throws IOException {
    try (InputStream in = ExpressionsTest.class.getResourceAsStream(table)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  private static Program.Outcome outcome(String expression) throws CompileException {
    return ENVIRONMENT.compile(expression).evaluate(_ -> SELF, 1_000_000);
  }

  @TestFactory
  List<DynamicTest> eachExpressionHasItsValue() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String table :
        List.of(
            "language.cel", "text.cel", "lists.cel", "kubernetes.cel", "time.cel", "self.cel")) {
      for (String line : lines(table)) {
        tests.add(DynamicTest.dynamicTest(table + ": " + line, () -> check(line)));
      }
    }
    return tests;
  }

  private static void check(String line) throws CompileException {
    int failing = line.indexOf(" !> ");
    if (failing >= 0) {
      assertThat(problem(line.substring(0, failing).strip()))
          .isEqualTo(line.substring(failing + 4).strip());
      return;
    }
    int arrow = line.lastIndexOf(" => ");
    Object found = value(line.substring(0, arrow).strip());
    Object expected = value(line.substring(arrow + 4).strip());
    assertThat(Values.equal(found, expected)).as("%s is %s", found, expected).isTrue();
    assertThat(Values.typeOf(found).kind()).isEqualTo(Values.typeOf(expected).kind());
  }

  private static Object value(String expression) throws CompileException {
    return switch (outcome(expression)) {
      case Program.Value(Object value, long _) -> value;
      case Program.Failed(EvaluationException problem, long _) -> throw problem;
      case Program.Stopped(CostException problem, long _) -> throw problem;
    };
  }

  /// What is wrong with an expression: in one line, without the source.
  private static String problem(String expression) {
    try {
      return switch (outcome(expression)) {
        case Program.Value(Object value, long _) -> "is " + value;
        case Program.Failed(EvaluationException problem, long _) -> problem.getMessage();
        case Program.Stopped(CostException problem, long _) -> problem.getMessage();
      };
    } catch (CompileException e) {
      if (e.stage() == CompileException.Stage.INSTANTIATION) {
        return e.stage() + " failed: " + e.getMessage();
      }
      return e.getMessage()
          .lines()
          .filter(line -> line.startsWith("ERROR: "))
          .map(line -> line.replaceFirst("ERROR: <input>:", ""))
          .reduce((one, other) -> one + "; " + other)
          .orElseThrow();
    }
  }

  @TestFactory
  List<DynamicTest> eachExpressionHasItsCost() throws IOException {
    return lines("cost.cel").stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line,
                    () -> {
                      int arrow = line.lastIndexOf(" => ");
                      String expression = line.substring(0, arrow).strip();
                      Range range = ENVIRONMENT.compile(expression).cost();
                      String most =
                          range.max() == Range.ENDLESS ? "endless" : Long.toString(range.max());
                      assertThat(range.min() + ".." + most + ", " + outcome(expression).cost())
                          .isEqualTo(line.substring(arrow + 4).strip());
                    }))
        .toList();
  }
}
